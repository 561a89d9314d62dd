"""What was announced, in PostgreSQL, for office and centre: `PgAnnounced`, `note`."""

from collections.abc import Sequence

from psycopg.errors import LockNotAvailable

from rekam.exchange.announced import Announced
from rekam.exchange.parts import Part
from rekam.exchange.pg.register import Transaction
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries

__all__ = ["PgAnnounced", "known", "lock", "lock_at_once", "note"]

_SQL = Queries.load("rekam.exchange.pg", "announced.sql")


def note(tx: Transaction, announced: Announced) -> bool:
    """Note a version in the caller's transaction; whether it was news (never 18)."""
    row = {"name": announced.name, "version": announced.version}
    return tx.execute(_SQL.note, row | {"part": announced.part.id, "size": announced.part.size}).rowcount > 0


def lock(tx: Transaction) -> None:
    """From here to the end of the transaction nobody else adds a version."""
    tx.execute(_SQL.lock)


def lock_at_once(tx: Transaction) -> bool:
    """`lock`, or False where somebody else adds one just now; the transaction goes on either way."""
    try:
        with tx.transaction():
            tx.execute(_SQL.lock_at_once)
    except LockNotAvailable:
        return False
    return True


def known(tx: Transaction) -> Sequence[Announced]:
    """Everything, by name, then by version, as the transaction sees it."""
    return [Announced(name, version, Part(part, size)) for name, version, part, size in tx.execute(_SQL.known)]


class PgAnnounced:
    """`AnnouncedStore` in the schema `exchange`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def known(self) -> Sequence[Announced]:
        with self._pool.connection() as connection:
            return known(connection)
