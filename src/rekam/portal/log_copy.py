"""The portal's copy of the public log in its database: `PgMirrorStore`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rekam.portal.sql import QUERIES
from rekam.storage.pool import Pool
from rekam.trust.log.merkle import Node

__all__ = ["PgMirrorStore"]


class PgMirrorStore:
    """`MirrorStore` in the portal's own tables."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def size(self) -> int:
        """See `MirrorStore`."""
        with self._pool.connection() as connection:
            return int(connection.execute(QUERIES.mirror_size).fetchall()[0][0])

    def nodes(self, wanted: Sequence[Node]) -> dict[Node, bytes]:
        """See `MirrorStore`."""
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.mirror_nodes, _columns(wanted)).fetchall()
        return {(level, index): bytes(found) for level, index, found in rows}

    def append(self, first: int, entries: Sequence[bytes], nodes: Mapping[Node, bytes]) -> None:
        """See `MirrorStore`."""
        with self._pool.connection() as tx:
            tx.execute(QUERIES.mirror_lock)
            size = int(tx.execute(QUERIES.mirror_size).fetchall()[0][0])
            if size != first:
                raise ValueError(f"entries from {first} on do not follow {size}")
            tx.execute(QUERIES.mirror_add_entries, {"first": first, "entries": list(entries)})
            tx.execute(QUERIES.mirror_add_nodes, _columns(nodes) | {"hashes": list(nodes.values())})

    def entries(self, first: int, count: int) -> list[bytes]:
        """See `MirrorStore`."""
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.mirror_entries, {"first": first, "count": count}).fetchall()
        return [bytes(row[0]) for row in rows]

    def find(self, beginning: bytes) -> list[tuple[int, bytes]]:
        """See `MirrorStore`."""
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.mirror_find, {"beginning": beginning}).fetchall()
        return [(position, bytes(entry)) for position, entry in rows]


def _columns(nodes: Iterable[Node]) -> dict[str, Any]:
    pairs = list(nodes)
    return {"levels": [level for level, _ in pairs], "indexes": [index for _, index in pairs]}
