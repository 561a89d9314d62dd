"""One simulated PostgreSQL server: committed rows, open transactions, locks: `MemoryPostgres`.

A deterministic stand-in for the real server where a whole country runs in one thread: the very statements of the
product run here (`dialect`), under read committed. Transactions may overlap, because an event that happens in the
middle of one may open another: each sees what is committed and what it wrote itself; numbers of sequences are taken
at once and are never given back; what was not committed is gone after `crash`. A row that another transaction holds
cannot be waited for in one thread, so who would have to wait is thrown out with `Blocked` and comes again.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from rekam.storage.memory_pg.session import Session
from rekam.storage.memory_pg.tables import Image, Tables
from rekam.storage.migrations import MigrationSet

__all__ = ["Blocked", "MemoryPostgres"]

_TICK: Final = timedelta(microseconds=1)


class Blocked(BaseException):
    """A transaction would have to wait for another one that is open further up; no error that a product may swallow."""


@dataclass
class _Moments:
    """Strictly growing times for transactions."""

    now: Callable[[], datetime]
    last: datetime = field(default_factory=lambda: datetime.fromtimestamp(0, UTC))

    def next(self) -> datetime:
        self.last = max(self.now(), self.last + _TICK)
        return self.last


class MemoryPostgres:
    """Takes a pool's place: `connection()` is one transaction, committed at the end, rolled back on an error.

    `now` is the server's clock; `random` gives bytes for uuids; `at` is told every point at which a server may die or
    others may get their turn: "statement", "commit", "committed".
    """

    def __init__(
        self,
        *families: MigrationSet,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
        at: Callable[[str], None] = lambda _point: None,
    ) -> None:
        self.at = at
        self.moments = _Moments(now)
        self.locks: dict[Any, Session] = {}
        self.shared: defaultdict[Any, set[Session]] = defaultdict(set)
        self.active: Session | None = None
        self.tables = Tables.of(families, random)
        self.db, self.draws = self.tables.db, self.tables.draws

    def connection(self) -> Session:
        """A session with one transaction, as a block."""
        return Session(self)

    def about_to_commit(self, table: str) -> bool:
        """Whether the transaction at work has written to that table."""
        return self.active is not None and self.active.wrote(table)

    def crash(self) -> None:
        """Every open transaction is gone; what was committed stays."""
        if self.active is not None:
            self.suspend()
        self.locks.clear()
        self.shared.clear()
        self.draws.forget()

    def image(self) -> Image:
        """What is committed, as a copy of its disk has it."""
        self.suspend()
        return self.tables.image()

    def put_back(self, image: Image) -> None:
        """Such a copy takes the place of its disk."""
        self.crash()
        self.tables.put_back(image)

    def close(self) -> None:
        """Nothing outlives it. Using it afterwards would use another server's tables."""
        self.crash()
        self.tables.give_back()

    def suspend(self) -> None:
        """Put the transaction at work aside: its writes are taken back, to be written again when its turn comes."""
        if self.active is not None:
            self.db.execute("ROLLBACK")
            self.active = None
