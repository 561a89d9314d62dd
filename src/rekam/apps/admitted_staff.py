"""Who may sign in at an office or at the centre, as provisioning named them."""

from typing import Any

from rekam.web.staff.member import StaffMember
from rekam.web.staff.store import StaffStore

__all__ = ["admit_staff"]


def admit_staff(store: StaffStore, members: list[dict[str, Any]]) -> None:
    """Adds the members that provisioning named; who is known stays as they are."""
    for member in members:
        if store.find(member["name"]) is None:
            store.add(StaffMember(member["name"], frozenset(member["roles"]), member["password_hash"]))
