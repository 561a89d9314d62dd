"""What the centre publishes for all places, or for one office: versions of a name, as parts: `Publications`."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from psycopg import Connection

from rekam.centre.results import FeedAppender
from rekam.centre.sql import QUERIES
from rekam.exchange.announced import Announced, newest_of
from rekam.exchange.feed import EntryKind, office_feed
from rekam.exchange.filter_shelf import FILTER, deltas_of
from rekam.exchange.parts import Part
from rekam.exchange.pg import announced as pg_announced
from rekam.storage.blobs import BlobStore
from rekam.storage.pool import Pool

__all__ = ["Publications", "Tx"]

Tx = Connection[Any]
_FOR_ONE: Final = "policy/"
"""Names that begin so end with the one office that they are for."""


class Publications:
    """What takes a `tx` joins the caller's transaction: version, feed entries and what the caller writes are one."""

    def __init__(self, pool: Pool, feed: FeedAppender, parts: BlobStore) -> None:
        self.parts = parts
        self._pool = pool
        self._feed = feed

    def publish(self, tx: Tx, name: str, make: Callable[[int], Part]) -> Announced:
        """The next version of `name`. `make(version)` puts its content into `parts` first; what a publication that
        failed left there is nobody's, and is the same part when it is made again.
        """
        pg_announced.lock(tx)
        newest = newest_of(pg_announced.known(tx), name)
        version = newest.version + 1 if newest else 1
        made = Announced(name, version, make(version))
        pg_announced.note(tx, made)
        self._tell(tx, [made], self._readers(tx, name))
        return made

    def put(self, data: bytes) -> Part:
        """A content as a part."""
        return Part(self.parts.put(data), len(data))

    def newest(self) -> list[Announced]:
        """The highest version of every name."""
        with self._pool.connection() as connection:
            rows = pg_announced.known(connection)
        return [row for name in sorted({row.name for row in rows}) if (row := newest_of(rows, name))]

    def welcome(self, tx: Tx, office: str) -> None:
        """Tells a new office's feed all that is in force."""
        pg_announced.lock(tx)
        rows = pg_announced.known(tx)
        snapshot = newest_of(rows, FILTER)
        deltas = [row for row in rows if snapshot and row.name == deltas_of(snapshot.version)]
        names = {row.name for row in rows if not row.name.startswith((FILTER + "/", _FOR_ONE))}
        if f"{_FOR_ONE}{office}" in {row.name for row in rows}:
            names.add(f"{_FOR_ONE}{office}")
        newest = [newest_of(rows, name) for name in sorted(names)]
        self._tell(tx, [*(row for row in newest if row), *deltas], [office])

    def _readers(self, tx: Tx, name: str) -> list[str]:
        if name.startswith(_FOR_ONE):
            return [name.removeprefix(_FOR_ONE)]
        return [office for office, _, _ in tx.execute(QUERIES.offices).fetchall()]

    def _tell(self, tx: Tx, rows: Sequence[Announced], offices: Sequence[str]) -> None:
        for office in offices:
            for row in rows:
                self._feed.append(tx, office_feed(office), EntryKind.ANNOUNCED, row.to_body())
