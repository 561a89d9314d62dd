"""The offline check as it stands at one place: snapshot, deltas, and which of their parts are here: `FilterShelf`."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, Literal

import numpy as np

from rekam.exchange.announced import Announced, AnnouncedStore
from rekam.exchange.filter import FilterShard, FilterUnreadable, Snapshot, open_snapshot
from rekam.exchange.filter_delta import open_delta
from rekam.exchange.filter_file import ShardFile
from rekam.exchange.fuse import Hashes
from rekam.exchange.parts import Part
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobMissing
from rekam.trust.cose import KeyLookup
from rekam.trust.keys import VerifyKey

__all__ = ["FILTER", "FilterAnswer", "FilterShelf", "FilterState", "Scope", "deltas_of"]

FILTER: Final = "filter"
Scope = Literal["nation", "province"]
"""Which regencies' shards a place keeps: all, or those of its own province."""


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
    `here` of the `total` shards that this place keeps have come. `newest` is that edition's number.
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
    """Answers and keeps house; a `Shelf`. `own` is the place's regency, four digits, and `scope` how much it keeps
    beside that one's shard. Safe for threads.

    A question is answered by the newest edition that has the regency's shard here, and by its deltas up to the first
    that has not come; so a new edition is of use as soon as its own shard is here, and until then the old one is.
    """

    def __init__(
        self,
        announced: AnnouncedStore,
        parts: BlobStore,
        verify: VerifyKey | KeyLookup,
        own: str,
        *,
        scope: Scope = "nation",
    ) -> None:
        self._announced = announced
        self._parts = parts
        self._verify = verify
        self._own = own
        self._scope = scope
        self._lock = threading.RLock()
        self._snapshots: dict[str, Snapshot] = {}
        self._deltas: dict[int, _Row] = {}
        self._files: dict[str, ShardFile] = {}

    def keeps(self, shard: str) -> bool:
        """Whether this place keeps the shard of those four digits at all."""
        return self._scope == "nation" or shard[:2] == self._own[:2]

    def ask(self, nik_hash: int, shard: str) -> FilterAnswer | None:
        """None where nothing that could answer is here. Raises `FilterUnreadable` where a damaged part would have had
        to say no; the part is thrown away and fetched again.
        """
        return self.ask_all((nik_hash,), shard)[0]

    def ask_all(self, nik_hashes: Sequence[int], shard: str) -> list[FilterAnswer | None]:
        """`ask` for each of `nik_hashes`, who are all of one shard."""
        told: dict[int, FilterAnswer] = {}
        left = [*nik_hashes]
        with self._lock:
            for snapshot in self._editions():
                held = snapshot.shards.get(shard)
                away = held is not None and not self._parts.has(held.part.id)
                if held is not None and not away:
                    left = _noted(told, left, self._in_file(held, left), snapshot.as_of)
                if not left:
                    break
                row = self._row(snapshot)  # of the whole country: where the shard is away it may say yes, but never no
                left = _noted(told, left, _among(row.hashes, left), row.as_of)
                if not away:
                    told |= dict.fromkeys(left, FilterAnswer(recorded=False, as_of=row.as_of))
                    break
        return [told.get(one) for one in nik_hashes]

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
                    kept = self._kept(newest)
                    here = sum(self._parts.has(newest.shards[name].part.id) for name in kept)
                    return FilterState(snapshot.edition, row.n, row.as_of, newest.edition, here, len(kept))
        return None

    def wanted(self) -> Iterable[Part]:
        """List, own regency, deltas, own province, the rest if it is kept: of the newest edition alone."""
        newest = max(self._of(FILTER), key=lambda row: row.version, default=None)
        if newest is None:
            return
        yield newest.part
        snapshot = self._opened(newest)  # after the list came: who asks for the next part asks then
        if snapshot is None:
            return
        order = sorted(self._kept(snapshot), key=lambda name: (name != self._own, name[:2] != self._own[:2], name))
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
            narrowed = (part for row in rows for part in self._parts_of(row, kept=False))
            old += [part for part in narrowed if self._parts.has(part.id)]
            return sum(self._drop(part) for part in old if part.id not in kept)

    def _complete(self, row: Announced) -> bool:
        snapshot = self._opened(row)
        if snapshot is None:
            return False
        return all(self._parts.has(snapshot.shards[name].part.id) for name in self._kept(snapshot))

    def _kept(self, snapshot: Snapshot) -> list[str]:
        return [name for name in snapshot.shards if self.keeps(name)]

    def _parts_of(self, row: Announced, *, kept: bool = True) -> Iterator[Part]:
        """Those that this place keeps, or the shards that it does not."""
        snapshot = self._opened(row)
        shards = snapshot.shards if snapshot else {}
        yield from (shard.part for name, shard in shards.items() if self.keeps(name) is kept)
        if kept:
            yield from (delta.part for delta in self._of(deltas_of(row.version)))
            yield row.part

    def _drop(self, part: Part) -> bool:
        self._snapshots.pop(part.id, None)
        self._files.pop(part.id, None)
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

    def _in_file(self, shard: FilterShard, nik_hashes: Sequence[int]) -> list[bool]:
        name = shard.part.id
        try:
            if name not in self._files:
                self._files[name] = ShardFile.verified(shard, partial(self._parts.open, name))
            return self._files[name].contains_all_of(nik_hashes)
        except BlobMissing as error:
            self._drop(shard.part)
            raise FilterUnreadable(part=name, reason="it is missing") from error
        except FilterUnreadable:
            self._drop(shard.part)
            raise

    def _read(self, part: Part) -> bytes:
        with self._parts.open(part.id) as file:
            return file.read()


def _among(ascending: Hashes, values: Sequence[int]) -> list[bool]:
    if not ascending.size:
        return [False] * len(values)
    asked = np.array(values, np.uint64)
    at = np.minimum(np.searchsorted(ascending, asked), ascending.size - 1)
    return [bool(same) for same in ascending[at] == asked]


def _noted(told: dict[int, FilterAnswer], asked: Sequence[int], found: Sequence[bool], as_of: date) -> list[int]:
    """Those of `asked` who were not found."""
    yes = FilterAnswer(recorded=True, as_of=as_of)
    told.update((one, yes) for one, there in zip(asked, found, strict=True) if there)
    return [one for one, there in zip(asked, found, strict=True) if not there]
