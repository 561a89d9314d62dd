"""The offline check as it stands at one place: snapshot, deltas, and which of their parts are here: `FilterShelf`."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from rekam.exchange.announced import Announced, AnnouncedStore
from rekam.exchange.filter import FilterShard, FilterUnreadable, Snapshot, open_snapshot
from rekam.exchange.filter_delta import open_delta
from rekam.exchange.fuse import FuseFilter, Hashes
from rekam.exchange.parts import Part
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobMissing
from rekam.trust.cose import KeyLookup
from rekam.trust.keys import VerifyKey

__all__ = ["FILTER", "FilterAnswer", "FilterShelf", "FilterState", "deltas_of"]

FILTER: Final = "filter"
_SHARDS_HELD: Final = 2
"""In memory: a counter asks for its own regency nearly always."""


def deltas_of(edition: int) -> str:
    """The name under which the deltas of an edition are announced; their versions are their numbers."""
    return f"{FILTER}/{edition}"


@dataclass(frozen=True)
class FilterAnswer:
    """`recorded` is sometimes wrong when true, never when false of somebody recorded up to `as_of` (never 17)."""

    recorded: bool
    as_of: date


@dataclass(frozen=True)
class FilterState:
    """What is in force for the own regency: edition, newest delta applied (0: none) and `as_of`; of the newest edition
    `here` of `total` shards have come. `newest` is that edition's number.
    """

    edition: int
    delta: int
    as_of: date
    newest: int
    here: int
    total: int


@dataclass(frozen=True)
class _Row:
    """The deltas of one edition that are here without a gap."""

    n: int
    as_of: date
    hashes: Hashes


class FilterShelf:
    """Answers and keeps house; a `Shelf`. `own` is the place's regency, four digits. Safe for threads.

    A question is answered by the newest edition that has the regency's shard here, and by its deltas up to the first
    that has not come; so a new edition is of use as soon as its own shard is here, and until then the old one is.
    """

    def __init__(self, announced: AnnouncedStore, parts: BlobStore, verify: VerifyKey | KeyLookup, own: str) -> None:
        self._announced = announced
        self._parts = parts
        self._verify = verify
        self._own = own
        self._lock = threading.RLock()
        self._snapshots: dict[str, Snapshot] = {}
        self._deltas: dict[int, _Row] = {}
        self._filters: dict[str, FuseFilter] = {}

    def ask(self, nik_hash: int, shard: str) -> FilterAnswer | None:
        """None where nothing that could answer is here. Raises `FilterUnreadable` where a damaged part would have had
        to say no; the part is thrown away and fetched again.
        """
        with self._lock:
            for snapshot in self._editions():
                held = snapshot.shards.get(shard)
                if held is not None and not self._parts.has(held.part.id):
                    continue
                if held is not None and self._filter(held).contains(nik_hash):
                    return FilterAnswer(recorded=True, as_of=snapshot.as_of)
                row = self._row(snapshot)
                return FilterAnswer(_holds(row.hashes, nik_hash), row.as_of)
        return None

    def state(self) -> FilterState | None:
        """None where no edition can answer for the own regency."""
        with self._lock:
            editions = list(self._editions())
            for snapshot in editions:
                held = snapshot.shards.get(self._own)
                if held is None or self._parts.has(held.part.id):
                    try:
                        row = self._row(snapshot)
                    except FilterUnreadable:
                        continue
                    newest = editions[0]
                    here = sum(self._parts.has(shard.part.id) for shard in newest.shards.values())
                    total = len(newest.shards)
                    return FilterState(snapshot.edition, row.n, row.as_of, newest.edition, here, total)
        return None

    def wanted(self) -> Iterable[Part]:
        """List, own regency, deltas, own province, the rest: of the newest edition alone."""
        newest = max(self._of(FILTER), key=lambda row: row.version, default=None)
        if newest is None:
            return
        yield newest.part
        snapshot = self._opened(newest)  # after the list came: who asks for the next part asks then
        if snapshot is None:
            return
        order = sorted(snapshot.shards, key=lambda name: (name != self._own, name[:2] != self._own[:2], name))
        if self._own in snapshot.shards:
            yield snapshot.shards[order.pop(0)].part
        yield from (row.part for row in self._of(deltas_of(newest.version)))
        yield from (snapshot.shards[name].part for name in order)

    def arrived(self) -> None:
        with self._lock:
            self._deltas.clear()

    def sweep(self, *, spare: int = 0) -> int:
        """Once an edition is complete, older ones go: shards first, the list last, so that a crash between is mended by
        the next sweep. `spare` editions before it stay, for those below who still fetch them.
        """
        with self._lock:
            rows = sorted(self._of(FILTER), key=lambda row: -row.version)
            complete = next((at for at, row in enumerate(rows) if self._complete(row)), None)
            if complete is None:
                return 0
            kept = {part.id for row in rows[: complete + 1 + spare] for part in self._parts_of(row)}
            old = [part for row in rows[complete + 1 + spare :] for part in self._parts_of(row)]
            return sum(self._drop(part) for part in old if part.id not in kept)

    def _complete(self, row: Announced) -> bool:
        snapshot = self._opened(row)
        return snapshot is not None and all(self._parts.has(shard.part.id) for shard in snapshot.shards.values())

    def _parts_of(self, row: Announced) -> Iterator[Part]:
        snapshot = self._opened(row)
        yield from (shard.part for shard in (snapshot.shards.values() if snapshot else ()))
        yield from (delta.part for delta in self._of(deltas_of(row.version)))
        yield row.part

    def _drop(self, part: Part) -> bool:
        self._snapshots.pop(part.id, None)
        self._filters.pop(part.id, None)
        self._parts.discard(part.id)
        here = self._parts.has(part.id)
        if here:
            self._parts.remove(part.id)
        return here

    def _of(self, name: str) -> Sequence[Announced]:
        return [row for row in self._announced.known() if row.name == name]

    def _editions(self) -> Iterator[Snapshot]:
        """Those whose list is here and sound, newest first."""
        for row in sorted(self._of(FILTER), key=lambda row: -row.version):
            snapshot = self._opened(row)
            if snapshot is not None:
                yield snapshot

    def _opened(self, row: Announced) -> Snapshot | None:
        with self._lock:
            if row.part.id not in self._snapshots:
                try:
                    snapshot = open_snapshot(self._read(row.part), self._verify)
                except BlobMissing:
                    return None
                except FilterUnreadable:
                    self._drop(row.part)
                    return None
                if snapshot.edition != row.version:
                    return None
                self._snapshots[row.part.id] = snapshot
            return self._snapshots[row.part.id]

    def _row(self, snapshot: Snapshot) -> _Row:
        if snapshot.edition not in self._deltas:
            held, as_of, n = [np.empty(0, np.uint64)], snapshot.as_of, 0
            for row in self._of(deltas_of(snapshot.edition)):
                if row.version != n + 1 or not self._parts.has(row.part.id):
                    break
                try:
                    delta = open_delta(self._read(row.part), self._verify, edition=snapshot.edition, n=row.version)
                except FilterUnreadable:
                    self._drop(row.part)
                    raise
                n, as_of = delta.n, delta.as_of
                held.append(delta.hashes)
            self._deltas[snapshot.edition] = _Row(n, as_of, np.unique(np.concatenate(held)))
        return self._deltas[snapshot.edition]

    def _filter(self, shard: FilterShard) -> FuseFilter:
        name = shard.part.id
        if name not in self._filters:
            try:
                opened = shard.opened(self._read(shard.part))
            except FilterUnreadable:
                self._drop(shard.part)
                raise
            while len(self._filters) >= _SHARDS_HELD:
                del self._filters[next(iter(self._filters))]
            self._filters[name] = opened
        return self._filters[name]

    def _read(self, part: Part) -> bytes:
        with self._parts.open(part.id) as file:
            return file.read()


def _holds(ascending: Hashes, value: int) -> bool:
    at = int(np.searchsorted(ascending, np.uint64(value)))
    return at < ascending.size and int(ascending[at]) == value
