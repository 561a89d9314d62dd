"""The public log in PostgreSQL: it grows in the very transactions that accept packets (docs/adr/0024)."""

from collections.abc import Iterable
from typing import Any

from rekam.exchange.inbox import Arrival
from rekam.exchange.log import ORIGIN, NoSuchTile, entry_of
from rekam.exchange.pg.register import Transaction
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.keys import SigningKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import Node, inclusion_proof, leaf_hash, nodes_completed_by, root_of
from rekam.trust.log.note import Note
from rekam.trust.log.proof import LogProof
from rekam.trust.log.tiles import BUNDLE, TILE_HEIGHT, TILE_WIDTH, Tile, bundled

__all__ = ["PgLog"]

_SQL = Queries.load("rekam.exchange.pg", "log.sql")


class PgLog:
    """`LogSource`, and what the centre's register appends to. The signer is the centre's own key."""

    def __init__(self, pool: Pool, signer: SigningKey) -> None:
        self._pool = pool
        self._signer = signer

    def append(self, tx: Transaction, arrival: Arrival) -> LogProof:
        """Add the arrival's commitment in the caller's transaction; its proof in the log that ends with it.

        From here to the end of the transaction nobody else appends: the position and the root are final with it.
        """
        entry = entry_of(arrival)
        with tx.pipeline():  # everybody waits for whoever holds the lock: the fewer ways there and back, the better
            tx.execute(_SQL.lock)
            size = _size(tx)
            nodes = _edge(tx, size)
            fresh = dict(nodes_completed_by(size, leaf_hash(entry), lambda *node: nodes[node]))
            nodes |= fresh
            tx.execute(_SQL.add_entry, {"position": size, "packet_id": arrival.packet_id, "entry": entry})
            tx.execute(_SQL.add_nodes, _columns(fresh) | {"hashes": list(fresh.values())})
        path = inclusion_proof(size, size + 1, lambda *node: nodes[node])
        return LogProof(size, tuple(path), self._signed(size + 1, nodes))

    @staticmethod
    def size(tx: Transaction) -> int:
        """Entries that are in the log as `tx` sees it."""
        return _size(tx)

    def checkpoint(self) -> Note:
        """See `LogSource`."""
        with self._pool.connection() as tx:
            size = _size(tx)
            return self._signed(size, _edge(tx, size))

    def tile(self, tile: Tile) -> bytes:
        """See `LogSource`."""
        first = tile.index * TILE_WIDTH
        with self._pool.connection() as tx:
            if tile.level == BUNDLE:
                rows = tx.execute(_SQL.entries, {"first": first, "count": tile.width}).fetchall()
            else:
                row = {"level": TILE_HEIGHT * tile.level, "first": first, "count": tile.width}
                rows = tx.execute(_SQL.row_of_nodes, row).fetchall()
        if len(rows) < tile.width:
            raise NoSuchTile(tile.path)
        content = [bytes(row[0]) for row in rows]
        return bundled(content) if tile.level == BUNDLE else b"".join(content)

    def _signed(self, size: int, nodes: dict[Node, bytes]) -> Note:
        return Checkpoint(ORIGIN, size, root_of(size, lambda *node: nodes[node])).signed(self._signer)


def _size(tx: Transaction) -> int:
    return int(tx.execute(_SQL.size).fetchall()[0][0])


def _edge(tx: Transaction, size: int) -> dict[Node, bytes]:
    """The hashes of the largest complete subtrees side by side: all that a root or the next append needs."""
    wanted = [(level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1]
    rows = tx.execute(_SQL.nodes, _columns(wanted)).fetchall()
    return {(level, index): bytes(found) for level, index, found in rows}


def _columns(nodes: Iterable[Node]) -> dict[str, Any]:
    pairs = list(nodes)
    return {"levels": [level for level, _ in pairs], "indexes": [index for _, index in pairs]}
