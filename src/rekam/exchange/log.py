"""The public log as places use it: its name, what stands in it, who may read it: `LogSource` (docs/adr/0024)."""

import threading
from typing import Final, Protocol

from rekam.exchange.inbox import Arrival
from rekam.trust import receipts
from rekam.trust.keys import SigningKey, VerifyKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import ProofInvalid, inclusion_proof, leaf_hash, nodes_completed_by, root_of
from rekam.trust.log.note import Note, NoteKey
from rekam.trust.log.proof import LogProof, commitment
from rekam.trust.log.tiles import BUNDLE, TILE_HEIGHT, TILE_WIDTH, Tile, bundled

__all__ = ["ORIGIN", "InMemoryLog", "LogSource", "NoSuchTile", "check_logged", "entry_of", "log_key"]

ORIGIN: Final = "rekam/log"
"""Names the log in its checkpoints. There is one centre, so one log."""


class NoSuchTile(LookupError):
    """The log does not have this tile, or not yet."""


class LogSource(Protocol):
    """The log as it is published. Adapters: `PgLog`, `InMemoryLog`, and over HTTP `HttpLog`."""

    def checkpoint(self) -> Note:
        """The log's signed size and root, as of now."""

    def tile(self, tile: Tile) -> bytes:
        """A tile or bundle. Raises `NoSuchTile` where the log is not that long."""


def log_key(centre: VerifyKey) -> NoteKey:
    """Under what name and key the centre signs checkpoints."""
    return NoteKey(ORIGIN, centre)


def entry_of(arrival: Arrival) -> bytes:
    """The commitment that stands for a packet, 32 bytes."""
    return commitment(arrival.packet_id, str(arrival.number), arrival.header.salt)


def check_logged(receipt: receipts.Receipt, salt: bytes, centre: VerifyKey) -> Checkpoint:
    """Return the checkpoint under which an acceptance proves its packet logged; `salt` is the packet header's.

    Raises ProofInvalid, SignatureInvalid, NoteUnreadable: then nothing may be purged for this receipt.
    """
    if receipt.log is None:
        raise ProofInvalid(reason="the receipt has none")
    entry = commitment(receipt.packet_id, receipt.number, salt)
    return LogProof.parse(receipt.log).verify(entry, log_key(centre))


class InMemoryLog:
    """The log in memory, for simulations and tests."""

    def __init__(self, signer: SigningKey) -> None:
        self._signer = signer
        self._entries: list[bytes] = []
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._lock = threading.Lock()

    def append(self, entry: bytes) -> LogProof:
        """Add a commitment; its proof in the log that ends with it."""
        with self._lock:
            position = len(self._entries)
            self._nodes |= dict(nodes_completed_by(position, leaf_hash(entry), self._node))
            self._entries.append(entry)
            path = inclusion_proof(position, position + 1, self._node)
            return LogProof(position, tuple(path), self.checkpoint())

    def checkpoint(self) -> Note:
        """See `LogSource`."""
        size = len(self._entries)
        return Checkpoint(ORIGIN, size, root_of(size, self._node)).signed(self._signer)

    def tile(self, tile: Tile) -> bytes:
        """See `LogSource`."""
        first = tile.index * TILE_WIDTH
        if tile.level == BUNDLE:
            entries = self._entries[first : first + tile.width]
            if len(entries) < tile.width:
                raise NoSuchTile(tile.path)
            return bundled(entries)
        try:
            return b"".join(self._node(TILE_HEIGHT * tile.level, first + i) for i in range(tile.width))
        except KeyError:
            raise NoSuchTile(tile.path) from None

    def _node(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]
