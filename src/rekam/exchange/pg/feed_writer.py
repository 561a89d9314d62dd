"""The origin of feeds in PostgreSQL: entries are written by anybody and numbered by one sequencer (docs/adr/0008)."""

from rekam.exchange.errors import FeedWentBack
from rekam.exchange.feed import BATCH_BYTES, BATCH_ENTRIES, Batch, Entry, seal_batch
from rekam.exchange.pg.register import Transaction
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey

__all__ = ["PgFeedWriter", "append"]

_SQL = Queries.load("rekam.exchange.pg", "feed.sql")


def append(tx: Transaction, feed: str, kind: str, body: bytes) -> None:
    """Add an entry to `feed` in the caller's transaction: it exists if, and only if, that transaction commits."""
    tx.execute(_SQL.append, {"feed": feed, "kind": str(kind), "body": body})


class PgFeedWriter:
    """`FeedSource` of the place where feeds begin; it numbers, signs and hands out what `append` left committed."""

    def __init__(self, pool: Pool, signer: SigningKey, clock: Clock) -> None:
        self._pool = pool
        self._signer = signer
        self._clock = clock

    def append(self, tx: Transaction, feed: str, kind: str, body: bytes) -> None:
        """As the function `append`."""
        append(tx, feed, kind, body)

    def after(self, feed: str, n: int, limit: int = BATCH_ENTRIES) -> bytes | None:
        """The signed batch after entry `n`, None when there is none. Raises `FeedWentBack` beyond the end."""
        last = self._number(feed)
        if n > last:
            raise FeedWentBack(feed=feed, cursor=n, last=last)
        with self._pool.connection() as connection:
            asked = {"feed": feed, "n": n, "limit": limit, "bytes": BATCH_BYTES}
            rows = connection.execute(_SQL.numbered_after, asked).fetchall()
        if not rows:
            return None
        entries = tuple(Entry(number, kind, bytes(body)) for number, kind, body in rows)
        return seal_batch(Batch(feed, self._clock.stamp().wall_ms, entries), self._signer)

    def _number(self, feed: str) -> int:
        # The lock is taken by a statement of its own: the next one's snapshot then holds all that the previous
        # sequencer numbered. Committed before the entries are read, so nobody is shown a number that may vanish.
        # Where nothing waits, as mostly when a place asks, nobody needs the lock.
        with self._pool.connection() as tx:
            last, waiting = tx.execute(_SQL.stands, {"feed": feed}).fetchall()[0]
        if not waiting:
            return int(last)
        with self._pool.connection() as tx:
            tx.execute(_SQL.lock_sequencer, {"feed": feed})
            tx.execute(_SQL.number, {"feed": feed})
            return int(tx.execute(_SQL.last, {"feed": feed}).fetchall()[0][0])
