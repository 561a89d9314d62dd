"""The power goes at every single disk operation while a new edition, its delta and a new policy come down: what is in
force is sound at every moment, and everything arrives in the end.
"""

from datetime import date
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from exchange_examples import CENTRE_KEY, CLOCK
from rekam.exchange.announced import Announced, InMemoryAnnounced
from rekam.exchange.downloads import Downloads
from rekam.exchange.filter import build_snapshot
from rekam.exchange.filter_delta import FilterDelta, seal_delta
from rekam.exchange.filter_shelf import FILTER, FilterShelf, deltas_of
from rekam.exchange.master import MasterData, packed
from rekam.exchange.parts import Part, StoredParts
from rekam.exchange.policy import OfficePolicy
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk

DAY = date(2016, 10, 3)
HERE = Path("/station/parts")


class PowerCutError(BaseException):
    """No handler of any error may catch it: the machine is off."""


class Cutting:
    """A disk whose power goes before its `last`-th operation that changes anything."""

    CHANGES = frozenset({"write", "fsync", "rename", "unlink", "fsync_folder", "make_folder", "open_append"})

    def __init__(self, inner, last):
        self._inner, self._last, self._count = inner, last, count(1)

    def __getattr__(self, name):
        held = getattr(self._inner, name)
        if name not in self.CHANGES:
            return held

        def call(*arguments):
            if next(self._count) == self._last:
                raise PowerCutError
            found = held(*arguments)
            return _CuttingWriter(found, self) if name == "open_append" else found

        return call


class _CuttingWriter:
    def __init__(self, inner, disk):
        self._inner, self._disk = inner, disk

    def write(self, data, /):
        return Cutting.__getattr__(_Bound(self._disk, self._inner), "write")(data)

    def fsync(self):
        return Cutting.__getattr__(_Bound(self._disk, self._inner), "fsync")()

    def __enter__(self):
        self._inner.__enter__()
        return self

    def __exit__(self, *exc):
        self._inner.__exit__(*exc)


class _Bound:
    """A writer's calls, counted with its disk's."""

    CHANGES = Cutting.CHANGES

    def __init__(self, disk, inner):
        self._inner, self._last, self._count = inner, disk._last, disk._count


class Station:
    """What survives a power cut: the announced rows (they commit with the cursor) and what the disk had made durable."""

    def __init__(self, office):
        self.office, self.disk, self.announced = office, MemoryDisk(), InMemoryAnnounced()
        self.start()

    def start(self, cut_at=0):
        disk = Cutting(self.disk, cut_at) if cut_at else self.disk
        self.parts = BlobStore(HERE, disk)
        self.filter = FilterShelf(self.announced, self.parts, CENTRE_KEY.public, "3174")
        self.master = MasterData(self.announced, self.parts, "3174")
        shelves = (*self.master.shelves, self.filter)
        self.downloads = Downloads(shelves, self.parts, StoredParts(self.office, "3174"), CLOCK, budget_s=1e6)

    def hear(self, rows):
        for row in rows:
            self.announced.note(row)
        self.downloads.run_once()

    def told(self):
        """Who of five is recorded, the delta in force, and the letters' rule."""
        asked = [self.filter.ask(value, "3174") for value in (1, 2, 3, 5, 7)]
        return [each.recorded for each in asked], self.filter.state().edition, self.master.policy().suket


@pytest.fixture
def office():
    return BlobStore(Path("/office/parts"), MemoryDisk())


def announced(office, name, version, data):
    return Announced(name, version, Part(office.put(data), len(data)))


def edition(office, number, people):
    shards = [("3174", np.array(people, np.uint64)), ("1107", np.array([9, number], np.uint64))]
    part = build_snapshot(shards, office.put, edition=number, as_of=DAY, signer=CENTRE_KEY)
    return Announced(FILTER, number, part)


def test_a_power_cut_at_any_disk_operation_leaves_something_sound_in_force_and_loses_nothing(office):
    before = [
        edition(office, 1, [1, 2]),
        announced(office, deltas_of(1), 1, seal_delta(FilterDelta(1, 1, DAY, np.array([3], np.uint64)), CENTRE_KEY)),
        announced(office, "policy/3174", 1, packed(OfficePolicy("off").to_bytes())),
    ]
    after = [
        edition(office, 2, [1, 2, 3]),
        announced(office, deltas_of(2), 1, seal_delta(FilterDelta(2, 1, DAY, np.array([5], np.uint64)), CENTRE_KEY)),
        announced(office, "policy/3174", 2, packed(OfficePolicy("offline").to_bytes())),
    ]
    old, new = ([True, True, True, False, False], 1, "off"), ([True, True, True, True, False], 2, "offline")
    cuts = 0
    for cut_at in count(1):
        station = Station(office)
        station.hear(before)
        assert station.told() == old
        try:
            station.start(cut_at)
            station.hear(after)
        except PowerCutError:
            cuts += 1
        else:
            break
        station.disk.power_cut()
        station.start()
        recorded, number, suket = station.told()
        assert recorded[:3] == [True, True, True], cut_at
        assert not recorded[4]
        assert (number, suket) in {(1, "off"), (1, "offline"), (2, "offline"), (2, "off")}
        station.hear(after)
        assert station.told() == new, cut_at
        assert not any(station.parts.has(row.part.id) for row in before), cut_at
    assert cuts > 20
