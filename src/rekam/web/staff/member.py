"""A member of staff, and how one is added."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rekam.trust.pin import DEFAULT_COST, Cost, hash_password
from rekam.web.staff.errors import PasswordTooShort, StaffNameInvalid

if TYPE_CHECKING:
    from rekam.web.staff.store import StaffStore

__all__ = ["PASSWORD_LENGTH", "StaffMember", "add_member", "is_name"]

PASSWORD_LENGTH = 10
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{2,31}")


@dataclass(frozen=True)
class StaffMember:
    """`name` signs in and stands in every record of what this person did; `password_hash` is Argon2id, as PHC text."""

    name: str
    roles: frozenset[str]
    password_hash: str


def is_name(text: str) -> bool:
    """Whether `text` can be a user name."""
    return _NAME.fullmatch(text) is not None


def add_member(
    store: "StaffStore", name: str, roles: frozenset[str], password: str, *, cost: Cost = DEFAULT_COST
) -> StaffMember:
    """Add a person. Raises StaffNameInvalid, StaffNameTaken, PasswordTooShort."""
    if not is_name(name):
        raise StaffNameInvalid(name=name)
    if len(password) < PASSWORD_LENGTH:
        raise PasswordTooShort(least=PASSWORD_LENGTH)
    member = StaffMember(name, roles, hash_password(password, cost=cost))
    store.add(member)
    return member
