"""Staff in PostgreSQL, on the database's clock; waiting times and sessions outlive a restart."""

from datetime import timedelta

from psycopg.errors import UniqueViolation

from rekam.storage.migrations import MigrationSet
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.web.staff.errors import StaffNameTaken
from rekam.web.staff.member import StaffMember
from rekam.web.staff.store import DELAYS_S, FORGOTTEN_AFTER, SESSION_IDLE, SESSION_LIFETIME

__all__ = ["MIGRATIONS", "PgStaffStore"]

MIGRATIONS = MigrationSet.load("rekam.web")
_SQL = Queries.load("rekam.web.staff", "staff.sql")


class PgStaffStore:
    """A StaffStore in the place's own database, which has `MIGRATIONS` applied."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def find(self, name: str) -> StaffMember | None:
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.find_member.encode(), {"name": name}).fetchone()
        return _member(*row) if row else None

    def members(self) -> list[StaffMember]:
        with self._pool.connection() as connection:
            return [_member(*row) for row in connection.execute(_SQL.list_members.encode())]

    def add(self, member: StaffMember) -> None:
        row = {"name": member.name, "roles": sorted(member.roles), "password_hash": member.password_hash}
        try:
            with self._pool.connection() as connection:
                connection.execute(_SQL.add_member.encode(), row)
        except UniqueViolation:
            raise StaffNameTaken(name=member.name) from None

    def attempt(self, name: str) -> timedelta:
        with self._pool.connection() as connection:
            connection.execute(_SQL.forget_attempts.encode(), {"after": FORGOTTEN_AFTER})
            parameters = {"name": name, "delays": [float(delay) for delay in DELAYS_S]}
            if connection.execute(_SQL.count_attempt.encode(), parameters).fetchone():
                return timedelta()
            row = connection.execute(_SQL.waiting_time.encode(), {"name": name}).fetchone()
        return row[0] if row else timedelta()

    def forgive(self, name: str) -> None:
        with self._pool.connection() as connection:
            connection.execute(_SQL.forgive.encode(), {"name": name})

    def open_session(self, token_hash: bytes, name: str) -> None:
        with self._pool.connection() as connection:
            connection.execute(_SQL.end_old_sessions.encode(), {"idle": SESSION_IDLE, "lifetime": SESSION_LIFETIME})
            connection.execute(_SQL.open_session.encode(), {"token_hash": token_hash, "name": name})

    def session(self, token_hash: bytes) -> StaffMember | None:
        parameters = {"token_hash": token_hash, "idle": SESSION_IDLE, "lifetime": SESSION_LIFETIME}
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.use_session.encode(), parameters).fetchone()
        return _member(*row) if row else None

    def close_session(self, token_hash: bytes) -> None:
        with self._pool.connection() as connection:
            connection.execute(_SQL.close_session.encode(), {"token_hash": token_hash})


def _member(name: str, roles: list[str], password_hash: str) -> StaffMember:
    return StaffMember(name, frozenset(roles), password_hash)
