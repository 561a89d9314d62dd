"""A follower of feeds in PostgreSQL: effects and cursor in one transaction, batches kept for handing on."""

from collections.abc import Callable

from rekam.exchange.feed import BATCH_ENTRIES, Batch, Entry, entries_to_apply
from rekam.exchange.pg.register import Transaction
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries

__all__ = ["FeedHandler", "PgFeedSink"]

FeedHandler = Callable[[Transaction, Entry], None]

_SQL = Queries.load("rekam.exchange.pg", "feed.sql")


class PgFeedSink:
    """`FeedSink` and, for the places below, `FeedSource` of the same batches, byte for byte as the centre signed them.

    `handler(tx, entry)` writes one entry's effect in the transaction `tx`; what it raises undoes the whole batch.
    """

    def __init__(self, pool: Pool, handler: FeedHandler) -> None:
        self._pool = pool
        self._handler = handler

    def cursor(self, feed: str) -> int:
        """The number of the last entry applied, 0 before the first."""
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.cursor, {"feed": feed}).fetchone()
        return int(row[0]) if row else 0

    def apply(self, feed: str, batch: Batch, data: bytes) -> int:
        """Apply what is new in `batch`; returns how many entries took effect."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.begin_cursor, {"feed": feed})
            cursor = int(tx.execute(_SQL.lock_cursor, {"feed": feed}).fetchall()[0][0])
            entries = entries_to_apply(batch, feed=feed, cursor=cursor)
            for entry in entries:
                self._handler(tx, entry)
            tx.execute(_SQL.keep_batch, {"feed": feed, "first": batch.first, "last": batch.last, "data": data})
            tx.execute(_SQL.move_cursor, {"feed": feed, "n": batch.last})
        return len(entries)

    def after(self, feed: str, n: int, limit: int = BATCH_ENTRIES) -> bytes | None:
        """The batch with entry `n + 1`, as it came; None when it has not come yet."""
        del limit
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.batch_after, {"feed": feed, "n": n}).fetchone()
        return bytes(row[0]) if row else None
