"""Staff in memory, on the monotonic time of a clock: for simulations and tests."""

from dataclasses import dataclass
from datetime import timedelta

from rekam.trust.clock import Clock
from rekam.web.staff.errors import StaffNameTaken
from rekam.web.staff.member import StaffMember
from rekam.web.staff.store import DELAYS_S, FORGOTTEN_AFTER, SESSION_IDLE, SESSION_LIFETIME

__all__ = ["InMemoryStaffStore"]


@dataclass
class _Session:
    name: str
    opened: float
    used: float


class InMemoryStaffStore:
    """A StaffStore that ends with its process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._members: dict[str, StaffMember] = {}
        self._attempts: dict[str, tuple[int, float]] = {}
        self._sessions: dict[bytes, _Session] = {}

    def _now(self) -> float:
        return self._clock.stamp().monotonic_ns / 1e9

    def find(self, name: str) -> StaffMember | None:
        return self._members.get(name)

    def members(self) -> list[StaffMember]:
        return sorted(self._members.values(), key=lambda member: member.name)

    def add(self, member: StaffMember) -> None:
        if member.name in self._members:
            raise StaffNameTaken(name=member.name)
        self._members[member.name] = member

    def attempt(self, name: str) -> timedelta:
        now = self._now()
        failures, allowed_at = self._attempts.get(name, (0, now))
        if now < allowed_at:
            return timedelta(seconds=allowed_at - now)
        if now - allowed_at > FORGOTTEN_AFTER.total_seconds():
            failures = 0
        self._attempts[name] = (failures + 1, now + DELAYS_S[min(failures, len(DELAYS_S) - 1)])
        return timedelta()

    def forgive(self, name: str) -> None:
        self._attempts.pop(name, None)

    def open_session(self, token_hash: bytes, name: str) -> None:
        now = self._now()
        self._sessions[token_hash] = _Session(name, now, now)

    def session(self, token_hash: bytes) -> StaffMember | None:
        now, found = self._now(), self._sessions.get(token_hash)
        if found is None:
            return None
        idle, life = now - found.used, now - found.opened
        if idle > SESSION_IDLE.total_seconds() or life > SESSION_LIFETIME.total_seconds():
            del self._sessions[token_hash]
            return None
        found.used = now
        return self._members.get(found.name)

    def close_session(self, token_hash: bytes) -> None:
        self._sessions.pop(token_hash, None)
