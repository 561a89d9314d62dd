"""What the feed announces comes on the stick, too: master data, and a snapshot with its shards and deltas."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from courier_examples import FEED, Receiver, Sender, flip, stick
from exchange_examples import CENTRE_KEY, CLOCK, packets
from rekam.exchange.announced import Announced, InMemoryAnnounced
from rekam.exchange.downloads import Downloads
from rekam.exchange.feed import EntryKind, FeedFollower
from rekam.exchange.filter import build_snapshot
from rekam.exchange.filter_delta import FilterDelta, seal_delta
from rekam.exchange.filter_shelf import FILTER, FilterShelf, deltas_of
from rekam.exchange.in_memory import InMemoryFeedSink
from rekam.exchange.master import MasterData, packed
from rekam.exchange.parts import Part, PartMissing
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk

DAY = date(2016, 10, 3)


class NoLine:
    """The line that this station does not have."""

    def part(self, part_id, offset):
        raise PartMissing(part_id=part_id, place="3174")


class Offline(Sender):
    """A station that only a courier reaches, with the shelves of a real one."""

    def __init__(self, made=()):
        super().__init__(made)
        self.parts = BlobStore(Path("/parts"), MemoryDisk())
        self.announced = InMemoryAnnounced()
        self.filter = FilterShelf(self.announced, self.parts, CENTRE_KEY.public, "3174")
        self.master = MasterData(self.announced, self.parts, "3174")
        self.downloads = Downloads((*self.master.shelves, self.filter), self.parts, NoLine(), CLOCK)
        self.sink = InMemoryFeedSink(self._apply)

    def _apply(self, state, entry):
        state[entry.n] = entry.kind
        if entry.kind == EntryKind.ANNOUNCED:
            self.announced.note(Announced.from_entry(entry))

    def home(self, *takers):
        def follow(source):
            return FeedFollower(FEED, source, self.sink, CENTRE_KEY.public).run_once()

        return replace(super().home(*takers), follow=follow, fetch=self.downloads.fetch)


def announce(office, name, version, data):
    row = Announced(name, version, Part(office.parts.put(data), len(data)))
    office.feed.append(FEED, EntryKind.ANNOUNCED, row.to_body())


@pytest.fixture
def office():
    made = Receiver()
    shards = [("3174", np.array([1, 2], np.uint64)), ("1107", np.array([9], np.uint64))]
    part = build_snapshot(shards, made.parts.put, edition=1, as_of=DAY, signer=CENTRE_KEY)
    made.feed.append(FEED, EntryKind.ANNOUNCED, Announced(FILTER, 1, part).to_body())
    announce(made, deltas_of(1), 1, seal_delta(FilterDelta(1, 1, DAY, np.array([5], np.uint64)), CENTRE_KEY))
    announce(made, "policy/3174", 1, packed(json.dumps({"suket": "off"}).encode()))
    return made


def trip(station, office, *, spoil=lambda medium: None):
    medium = stick()
    station.out(medium)
    office.take_all(medium)
    spoil(medium)
    return station.back(medium)


def test_a_station_without_any_line_has_filter_delta_and_policy_after_one_trip(office):
    station = Offline(packets(2))
    report = trip(station, office)
    assert (report.taken, report.entries, report.doubted) == (2, 3, [])
    assert report.parts > 0
    assert [station.filter.ask(value, "3174").recorded for value in (1, 5, 7)] == [True, True, False]
    assert station.filter.ask(9, "1107").recorded
    assert station.master.policy().suket == "off"


def test_the_next_trip_carries_only_what_is_new(office):
    station = Offline(packets(2))
    first = trip(station, office)
    announce(office, deltas_of(1), 2, seal_delta(FilterDelta(1, 2, DAY, np.array([6], np.uint64)), CENTRE_KEY))
    second = trip(station, office)
    assert 0 < second.parts < first.parts / 2
    assert station.filter.ask(6, "3174").recorded


def test_a_part_that_is_damaged_on_the_stick_is_told_and_what_was_in_force_stays(office):
    station = Offline(packets(1))
    trip(station, office)
    announce(office, "policy/3174", 2, packed(b'{"suket": "offline", "retention_days": 9}'))

    def spoil(medium):
        (answer,) = [path for path in medium.files(Path("/media/stick")) if path.name.endswith(".kembali.rekam")]
        flip(medium, answer, medium.size(answer) - 60)

    report = trip(station, office, spoil=spoil)
    assert report.entries == 1
    assert report.doubted
    assert station.master.policy().suket == "off"
    assert station.master.in_force()[2].newest == 2, "it is still wanted, from a line or the next stick"


def test_a_place_that_has_not_got_a_part_yet_carries_the_rest(office):
    announced = Announced("codelists", 1, Part("0" * 64, 100))
    office.feed.append(FEED, EntryKind.ANNOUNCED, announced.to_body())
    station = Offline(packets(1))
    assert trip(station, office).doubted == []
    assert station.filter.ask(1, "3174").recorded
