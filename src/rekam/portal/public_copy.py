"""The portal's own copy of what the centre tells the public: `PublicCopy`, and the handler that fills it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from rekam.enrolment.nik import Nik
from rekam.enrolment.status import Status
from rekam.exchange.errors import FeedUnreadable
from rekam.exchange.feed import Entry, EntryKind
from rekam.exchange.notice import HeldNotice
from rekam.exchange.pg.register import Transaction
from rekam.portal.sql import QUERIES
from rekam.storage.pool import Pool
from rekam.trust.at_rest import keyed_hash

__all__ = ["Answer", "CopyAge", "PublicCopy", "apply_entry"]

_log = structlog.get_logger("rekam.portal")

_KEY_BYTES = 32


@dataclass(frozen=True)
class CopyAge:
    """When the centre last answered, and how long ago; both None before it ever did."""

    answered_at: datetime | None
    age: timedelta | None


@dataclass(frozen=True)
class Answer:
    """What the copy says of one NIK and birth date: `status` since `at`, both None where it holds nothing."""

    status: Status | None
    at: datetime | None
    copy: CopyAge


class PublicCopy:
    """Answers from the portal's own tables, whether the centre is there or not.

    `hash_key` is the one that the centre names residents with for the portal (DESIGN section 9).
    """

    def __init__(self, pool: Pool, hash_key: bytes) -> None:
        self._pool = pool
        self._hash_key = hash_key

    def answer(self, nik: Nik, birth_date: date) -> Answer:
        """The status of this NIK, if it was born on this day; a wrong day and an unknown NIK answer alike."""
        key = keyed_hash(self._hash_key, "portal-status", f"{nik}/{birth_date.isoformat()}")
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.status_of, {"key": key}).fetchone()
        status, at = (Status(row[0]), row[1]) if row else (None, None)
        return Answer(status, at, self.age())

    def age(self) -> CopyAge:
        """How old the copy is, on the database's clock."""
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.contact).fetchone()
        return CopyAge(row[0], timedelta(seconds=max(0.0, row[1]))) if row else CopyAge(None, None)

    def notices(self, limit: int = 50) -> list[HeldNotice]:
        """Newest first."""
        with self._pool.connection() as connection:
            return [HeldNotice(*row) for row in connection.execute(QUERIES.notices, {"limit": limit})]

    def withdrawn(self) -> list[dict[str, Any]]:
        """Stations' keys that are no longer believed, the newest first, as `documents.withdrawals` reads them."""
        fields = ("station", "epoch", "after", "at_ms", "log_size")
        with self._pool.connection() as connection:
            return [dict(zip(fields, row, strict=True)) for row in connection.execute(QUERIES.withdrawn)]

    def counts(self) -> tuple[int, int]:
        """Statuses and notices held."""
        with self._pool.connection() as connection:
            statuses, notices = connection.execute(QUERIES.counts).fetchall()[0]
        return statuses, notices

    def note_answer(self) -> None:
        """The centre answered just now, with news or without."""
        with self._pool.connection() as connection:
            connection.execute(QUERIES.answered)


def apply_entry(tx: Transaction, entry: Entry) -> None:
    """The feed sink's handler; kinds that a portal has no use for are passed over. Raises `FeedUnreadable`."""
    match entry.kind, entry.said():
        case EntryKind.STATUS, {"key": str() as key, "status": str() as status, "at": str() as at}:
            if status not in set(Status):
                # a newer centre's word: it must not stop the feed of everybody until the portal is updated
                _log.warning("status of a newer version", entry=entry.n)
                return
            row = {"key": _key(entry, key), "status": status, "at": at, "entry": entry.n}
            tx.execute(QUERIES.set_status, row)
        case EntryKind.NOTICE, {"number": int(), "at": str(), "text_id": str()} as notice:
            tx.execute(QUERIES.put_notice, notice)
        case EntryKind.REVOKED, {
            "station": str(), "epoch": int(), "after": int(), "at_ms": int(), "log_size": int(),
        } as withdrawn:  # fmt: skip
            tx.execute(QUERIES.put_withdrawn, withdrawn)
        case EntryKind.STATUS | EntryKind.NOTICE | EntryKind.REVOKED, _:
            raise FeedUnreadable(reason=f"entry {entry.n}")
        case _:
            pass


def _key(entry: Entry, text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise FeedUnreadable(reason=f"entry {entry.n}") from error
    if len(key) != _KEY_BYTES:
        raise FeedUnreadable(reason=f"entry {entry.n}")
    return key
