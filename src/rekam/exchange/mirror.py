"""A whole copy of the public log, every entry of it proved: `Mirror`, and the copy as a log of its own: `MirroredLog`.

The witness says what the log is; the mirror fetches what it holds, bundle by bundle. What it adds in one round is added
together, and only after it was proved to be a beginning of the witnessed log. So it may stop anywhere and go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.log import LogSource, NoSuchTile
from rekam.exchange.witness import LogUnproved, WitnessStore
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import (
    Node,
    NodeReader,
    ProofInvalid,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    nodes_completed_by,
    root_of,
    verify_consistency,
)
from rekam.trust.log.note import Note
from rekam.trust.log.tiles import BUNDLE, TILE_HEIGHT, TILE_WIDTH, Tile, bundled, node_reader, unbundled

__all__ = ["InMemoryMirrorStore", "Mirror", "MirrorStore", "Mirrored", "MirroredLog"]

BUNDLES: Final = 64
"""In one round: 16,384 entries, half a megabyte."""


class MirrorStore(Protocol):
    """The copy. Adapters: `InMemoryMirrorStore`, the portal's `PgMirrorStore`."""

    def size(self) -> int:
        """How many entries it has."""

    def nodes(self, wanted: Sequence[Node]) -> Mapping[Node, bytes]:
        """The hashes of those complete subtrees that it has."""

    def append(self, first: int, entries: Sequence[bytes], nodes: Mapping[Node, bytes]) -> None:
        """Add entries from position `first`, its size, on, with the subtrees they complete; all or nothing, durable."""

    def entries(self, first: int, count: int) -> Sequence[bytes]:
        """Up to `count` entries from position `first` on."""

    def find(self, beginning: bytes) -> Sequence[tuple[int, bytes]]:
        """Positions and entries that begin with these 10 to 32 bytes, lowest first."""


@dataclass(frozen=True)
class Mirrored:
    """One round: how many entries the copy has, how many were added, how many are known to be missing, and what stood
    in the way.
    """

    size: int = 0
    added: int = 0
    missing: int = 0
    problem: RekamError | None = None


class Mirror:
    """Fills `store` from `source` up to what `witnessed` says."""

    def __init__(self, store: MirrorStore, source: LogSource, witnessed: WitnessStore) -> None:
        self._store = store
        self._source = source
        self._witnessed = witnessed

    def run_once(self, bundles: int = BUNDLES) -> Mirrored:
        """One round; nothing is raised."""
        note, size = self._witnessed.newest(), self._store.size()
        said = Checkpoint.parse(note.text) if note else None
        if said is None or size >= said.size:
            return Mirrored(size)
        try:
            added = self._fetch(size, said, bundles)
        except RekamError as error:
            return Mirrored(size, 0, said.size - size, error)
        return Mirrored(size + added, added, said.size - size - added)

    def _fetch(self, size: int, said: Checkpoint, bundles: int) -> int:
        try:
            entries = self._entries(size, said.size, bundles)
            nodes = self._completed(size, entries)
            reached = size + len(entries)
            root = root_of(reached, _over(nodes, self._store))
            path = consistency_proof(reached, said.size, node_reader(said.size, self._source.tile))
            verify_consistency(reached, said.size, path, root, said.root)
        except NoSuchTile as error:
            raise LogUnproved(size=said.size, reason=f"{error} is missing") from error
        except ProofInvalid as error:
            raise LogUnproved(size=said.size, reason=str(error.facts["reason"])) from error
        self._store.append(size, entries, nodes)
        return len(entries)

    def _entries(self, size: int, whole: int, bundles: int) -> list[bytes]:
        found: list[bytes] = []
        first = size // TILE_WIDTH
        for index in range(first, min(first + bundles, -(-whole // TILE_WIDTH))):
            width = min(TILE_WIDTH, whole - index * TILE_WIDTH)
            entries = unbundled(self._source.tile(Tile(BUNDLE, index, width)))
            if len(entries) != width:
                raise ProofInvalid(reason=f"bundle {index} has {len(entries)} entries")
            found += entries
        return found[size - first * TILE_WIDTH :]

    def _completed(self, size: int, entries: Sequence[bytes]) -> dict[Node, bytes]:
        edge = [(level, (size >> level) - 1) for level in range(size.bit_length()) if size >> level & 1]
        known, fresh = dict(self._store.nodes(edge)), {}
        for position, entry in enumerate(entries, size):
            for node, found in nodes_completed_by(position, leaf_hash(entry), lambda *at: known[at]):
                known[node] = fresh[node] = found
        return fresh


class MirroredLog:
    """`LogSource` out of a copy, and the proofs that it can give to anybody."""

    def __init__(self, store: MirrorStore, witnessed: WitnessStore) -> None:
        self._store = store
        self._witnessed = witnessed

    def checkpoint(self) -> Note:
        """The witnessed checkpoint, once the copy reaches it. Raises `NoSuchTile` before."""
        note = self._witnessed.newest()
        if note is None or self._store.size() < Checkpoint.parse(note.text).size:
            raise NoSuchTile("checkpoint")
        return note

    def tile(self, tile: Tile) -> bytes:
        """See `LogSource`."""
        first = tile.index * TILE_WIDTH
        if tile.level == BUNDLE:
            entries = self._store.entries(first, tile.width)
            if len(entries) < tile.width:
                raise NoSuchTile(tile.path)
            return bundled(entries)
        wanted = [(TILE_HEIGHT * tile.level, first + at) for at in range(tile.width)]
        found = self._store.nodes(wanted)
        if len(found) < tile.width:
            raise NoSuchTile(tile.path)
        return b"".join(found[node] for node in wanted)

    def root(self, size: int) -> bytes:
        """Of the first `size` entries, which the copy must have."""
        return root_of(size, self._read)

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """The path of an entry to the root of the first `size`."""
        return inclusion_proof(position, size, self._read)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """That the first `new` entries begin with the first `old`."""
        return consistency_proof(old, new, self._read)

    def _read(self, level: int, index: int) -> bytes:
        return self._store.nodes([(level, index)])[level, index]


class InMemoryMirrorStore:
    """`MirrorStore` in memory, for simulations and tests."""

    def __init__(self) -> None:
        self._entries: list[bytes] = []
        self._nodes: dict[Node, bytes] = {}

    def size(self) -> int:
        return len(self._entries)

    def nodes(self, wanted: Sequence[Node]) -> dict[Node, bytes]:
        return {node: self._nodes[node] for node in wanted if node in self._nodes}

    def append(self, first: int, entries: Sequence[bytes], nodes: Mapping[Node, bytes]) -> None:
        if first != len(self._entries):
            raise ValueError(f"entries from {first} on do not follow {len(self._entries)}")
        self._entries += entries
        self._nodes |= nodes

    def entries(self, first: int, count: int) -> list[bytes]:
        return self._entries[first : first + count]

    def find(self, beginning: bytes) -> list[tuple[int, bytes]]:
        return [(at, entry) for at, entry in enumerate(self._entries) if entry.startswith(beginning)]


def _over(fresh: Mapping[Node, bytes], store: MirrorStore) -> NodeReader:
    def read(level: int, index: int) -> bytes:
        node = (level, index)
        return fresh[node] if node in fresh else store.nodes([node])[node]

    return read
