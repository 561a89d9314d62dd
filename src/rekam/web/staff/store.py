"""The port behind staff sign-in: members, sessions, and the waiting time after wrong passwords."""

from datetime import timedelta
from typing import Protocol

from rekam.web.staff.member import StaffMember

__all__ = ["DELAYS_S", "FORGOTTEN_AFTER", "SESSION_IDLE", "SESSION_LIFETIME", "StaffStore"]

DELAYS_S = (0, 0, 1, 5, 15, 30, 60, 120, 300, 900)
"""Seconds to wait after the 1st, 2nd, ... wrong password in a row; the last stays."""
FORGOTTEN_AFTER = timedelta(days=1)
SESSION_IDLE = timedelta(minutes=30)
SESSION_LIFETIME = timedelta(hours=12)


class StaffStore(Protocol):
    """Keeps staff. Sessions are known by the SHA-256 of their token, so that a copy of the store opens none."""

    def find(self, name: str) -> StaffMember | None:
        """The member of that name."""
        ...

    def members(self) -> list[StaffMember]:
        """Everybody, by name."""
        ...

    def add(self, member: StaffMember) -> None:
        """Raises StaffNameTaken."""
        ...

    def attempt(self, name: str) -> timedelta:
        """Before a password is looked at: zero lets it be looked at, and it counts as wrong until `forgive`.

        Otherwise the time still to wait. Counting first leaves nothing to gain from many attempts at once;
        names that nobody has are counted alike, so that waiting tells nobody who exists.
        """
        ...

    def forgive(self, name: str) -> None:
        """The password was right."""
        ...

    def open_session(self, token_hash: bytes, name: str) -> None:
        """Begin a session; it ends after SESSION_IDLE without a request, or after SESSION_LIFETIME."""
        ...

    def session(self, token_hash: bytes) -> StaffMember | None:
        """Whose session this is, counted as used now; None when there is none or it has ended."""
        ...

    def close_session(self, token_hash: bytes) -> None:
        """End a session; one that does not exist is no error."""
        ...
