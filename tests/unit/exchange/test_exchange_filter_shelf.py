"""The offline check at one place, whatever came, in whatever order, and whatever was damaged on the way."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from exchange_examples import CENTRE_KEY
from rekam.exchange.announced import Announced, InMemoryAnnounced
from rekam.exchange.filter import FilterUnreadable, build_snapshot
from rekam.exchange.filter_delta import FilterDelta, seal_delta
from rekam.exchange.filter_shelf import FILTER, FilterShelf, deltas_of
from rekam.exchange.parts import Part
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk

DAY = date(2016, 10, 3)
OWN, NEAR, FAR = "3174", "3171", "1107"


class Far:
    """The centre's side: publishes editions and deltas, keeps every part it made."""

    def __init__(self):
        self.parts = BlobStore(Path("far"), MemoryDisk())
        self.rows = []
        self.day = DAY
        self.people: dict[str, set[int]] = {OWN: set(), NEAR: set(), FAR: set()}

    def snapshot(self):
        edition = sum(row.name == FILTER for row in self.rows) + 1
        filled = [(name, np.array(sorted(people), np.uint64)) for name, people in self.people.items() if people]
        part = build_snapshot(filled, self.parts.put, edition=edition, as_of=self.day, signer=CENTRE_KEY)
        self.rows.append(Announced(FILTER, edition, part))
        return self.rows[-1]

    def delta(self, *, edition=None, n=None, day=None, people=()):
        edition = edition or max(row.version for row in self.rows if row.name == FILTER)
        n = n or sum(row.name == deltas_of(edition) for row in self.rows) + 1
        data = seal_delta(FilterDelta(edition, n, day or self.day, np.array(list(people), np.uint64)), CENTRE_KEY)
        self.rows.append(Announced(deltas_of(edition), n, Part(self.parts.put(data), len(data))))
        return self.rows[-1]


class Near:
    """A place below: what was announced to it, and its parts."""

    def __init__(self, far):
        self.far = far
        self.announced = InMemoryAnnounced()
        self.parts = BlobStore(Path("near"), MemoryDisk())
        self.restart()

    def restart(self, scope="nation"):
        self.shelf = FilterShelf(self.announced, self.parts, CENTRE_KEY.public, OWN, scope=scope)

    def hear(self, *rows):
        for row in rows or self.far.rows:
            self.announced.note(row)
        self.shelf.arrived()

    def fetch(self, limit=1000):
        """Up to `limit` of the wanted parts that are not here."""
        count = 0
        for part in self.shelf.wanted():
            if count < limit and not self.parts.has(part.id):
                self.parts.put(b"".join(self.far.parts.chunks(part.id)))
                count += 1
        self.shelf.arrived()
        self.shelf.sweep()
        return count

    def damage(self, part):
        """The part's bytes turn bad on the disk, and the place starts anew."""
        disk, path = self.parts._disk, self.parts.path(part.id)
        size = disk.size(path)
        disk.unlink(path)
        with disk.open_append(path) as file:
            file.write(bytes(size))
        self.restart()

    def ask(self, value, shard=OWN):
        return self.shelf.ask(value, shard)


@pytest.fixture
def far():
    made = Far()
    made.people = {OWN: {1, 2, 3}, NEAR: {10, 11}, FAR: {20}}
    return made


@pytest.fixture
def near(far):
    return Near(far)


def test_nothing_announced_or_nothing_here_answers_nothing(far, near):
    assert near.ask(1) is None
    far.snapshot()
    near.hear()
    assert near.ask(1) is None
    assert near.shelf.state() is None


def test_the_own_regency_comes_first_then_the_deltas_then_the_own_province_then_the_rest(far, near):
    row = far.snapshot()
    delta = far.delta(people=[4])
    near.hear()
    assert [part.id for part in near.shelf.wanted()] == [row.part.id]
    near.fetch(1)
    wanted = [part.id for part in near.shelf.wanted()]
    near.fetch(2)
    assert (near.ask(1).recorded, near.ask(4).recorded, near.ask(10, NEAR)) == (True, True, None)
    near.fetch(1)
    assert near.ask(10, NEAR).recorded
    assert near.ask(20, FAR) is None
    near.fetch(1)
    assert near.ask(20, FAR).recorded
    assert wanted[:1] + wanted[2:3] == [row.part.id, delta.part.id]
    assert len(wanted) == 5


def test_a_place_that_keeps_its_province_alone_fetches_no_more_and_is_complete_with_it(far, near):
    near.restart("province")
    far.snapshot()
    near.hear()
    near.fetch()
    assert (near.ask(1).recorded, near.ask(10, NEAR).recorded, near.ask(20, FAR)) == (True, True, None)
    assert [near.shelf.keeps(shard) for shard in (OWN, NEAR, FAR)] == [True, True, False]
    state = near.shelf.state()
    assert (state.here, state.total) == (2, 2)


def test_the_deltas_say_yes_of_somebody_whose_shard_is_not_kept_and_never_no(far, near):
    near.restart("province")
    far.snapshot()
    far.delta(people=[99])
    near.hear()
    near.fetch()
    assert near.ask(99, FAR).recorded
    assert near.ask(98, FAR) is None


def test_a_place_that_is_to_keep_less_lets_the_rest_go_and_one_that_is_to_keep_more_fetches_it(far, near):
    far.snapshot()
    near.hear()
    near.fetch()
    near.restart("province")
    near.shelf.sweep()
    assert near.ask(20, FAR) is None
    assert near.ask(10, NEAR).recorded
    near.restart("nation")
    assert near.fetch() == 1
    assert near.ask(20, FAR).recorded


def test_editions_of_a_place_that_keeps_its_province_are_swept_like_any_other(far, near):
    near.restart("province")
    old = far.snapshot()
    near.hear()
    near.fetch()
    far.people[OWN].add(4)
    far.snapshot()
    near.hear()
    near.fetch()
    assert not near.parts.has(old.part.id)
    assert near.ask(4).recorded


def test_a_delta_adds_its_people_in_every_regency_and_moves_the_date(far, near):
    far.snapshot()
    near.hear()
    near.fetch()
    assert not near.ask(99, FAR).recorded
    far.delta(day=DAY + timedelta(days=1), people=[99])
    near.hear()
    assert near.ask(99, FAR).as_of == DAY, "announced is not yet here"
    near.fetch()
    told = near.ask(99, FAR)
    assert (told.recorded, near.ask(98, FAR).as_of) == (True, DAY + timedelta(days=1))
    assert near.shelf.state().delta == 1


def test_a_delta_whose_predecessor_has_not_come_is_not_applied(far, near):
    far.snapshot()
    far.delta(people=[50])
    far.delta(day=DAY + timedelta(days=2), people=[51])
    near.hear()
    near.fetch()
    near.parts.remove(far.rows[1].part.id)
    near.shelf.arrived()
    assert near.ask(51).recorded is False
    assert (near.ask(51).as_of, near.shelf.state().delta) == (DAY, 0)


def test_a_delta_of_another_snapshot_gives_no_answer_rather_than_a_no(far, near):
    far.snapshot()
    near.hear()
    near.fetch()
    stray = far.delta(edition=7, n=1, people=[50])
    near.announced.note(Announced(deltas_of(1), 1, stray.part))
    near.parts.put(b"".join(far.parts.chunks(stray.part.id)))
    near.shelf.arrived()
    with pytest.raises(FilterUnreadable, match="came for"):
        near.ask(50)
    assert near.ask(1).recorded, "what the snapshot knows it still says"


def test_a_new_edition_answers_as_soon_as_its_own_shard_is_here_and_the_old_one_until_then(far, near):
    far.snapshot()
    near.hear()
    near.fetch()
    far.people[OWN].add(4)
    far.people[FAR].add(21)
    far.day = DAY + timedelta(days=9)
    far.snapshot()
    near.hear()
    near.fetch(1)
    assert (near.ask(4).recorded, near.ask(4).as_of) == (False, DAY)
    near.fetch(1)
    assert (near.ask(4).recorded, near.ask(5).as_of) == (True, far.day)
    assert near.ask(21, FAR).as_of == DAY, "that regency's new shard has not come"
    near.fetch()
    assert near.ask(21, FAR).recorded
    assert near.shelf.state().edition == 2


def test_what_a_complete_edition_replaced_is_swept_and_what_did_not_change_stays(far, near):
    first = far.snapshot()
    near.hear()
    near.fetch()
    unchanged = list(near.shelf.wanted())[-1]
    far.people[OWN].add(4)
    second = far.snapshot()
    near.hear()
    near.fetch()
    assert not near.parts.has(first.part.id)
    assert near.parts.has(second.part.id)
    assert near.parts.has(unchanged.id)
    assert near.fetch() == 0


def test_an_older_edition_announced_late_changes_nothing(far, near):
    older = far.snapshot()
    far.people[OWN].add(4)
    newer = far.snapshot()
    near.hear(newer)
    near.fetch()
    near.hear(older)
    assert near.fetch() == 0
    assert near.shelf.state().edition == 2
    assert near.ask(4).recorded


@pytest.mark.parametrize("which", ["the own shard", "the delta"])
def test_a_damaged_part_gives_no_answer_and_is_fetched_again(far, near, which):
    far.snapshot()
    delta = far.delta(people=[4])
    near.hear()
    near.fetch()
    near.damage(delta.part if which == "the delta" else list(near.shelf.wanted())[1])
    with pytest.raises(FilterUnreadable):
        near.ask(77)
    assert near.fetch() == 1
    assert near.ask(77).recorded is False
    assert near.ask(4).recorded


def test_a_damaged_list_leaves_the_edition_before_it_in_force(far, near):
    far.snapshot()
    near.hear()
    near.fetch()
    far.people[OWN].add(4)
    newer = far.snapshot()
    near.hear()
    near.fetch(1)
    near.damage(newer.part)
    assert near.ask(1).recorded
    assert near.fetch() > 0
    assert near.ask(4).recorded


class Filters(RuleBasedStateMachine):
    """Whatever is published, heard and fetched in whatever order: nobody in force is denied, and no date goes back."""

    @initialize()
    def begin(self):
        self.far = Far()
        self.near = Near(self.far)
        self.known_on: dict[tuple[str, int], date] = {}
        self.newest: dict[str, date] = {}
        self.serial = 0

    @rule()
    def a_day_passes(self):
        self.far.day += timedelta(days=1)

    @rule(shard=st.sampled_from([OWN, NEAR, FAR]), publish=st.booleans())
    def somebody_is_recorded(self, shard, publish):
        self.serial += 1
        self.far.people[shard].add(self.serial)
        self.pending = (*getattr(self, "pending", ()), (shard, self.serial))
        if publish and any(row.name == FILTER for row in self.far.rows):
            self._published(self.far.delta(people=[value for _, value in self.pending]))

    @rule()
    def a_snapshot(self):
        self._published(self.far.snapshot())

    def _published(self, _row):
        for key in getattr(self, "pending", ()):
            self.known_on[key] = self.far.day
        self.pending = ()
        self.far.day += timedelta(days=1)

    @precondition(lambda self: self.far.rows)
    @rule(data=st.data())
    def something_is_heard(self, data):
        self.near.hear(data.draw(st.sampled_from(self.far.rows)))

    @rule()
    def all_is_heard(self):
        self.near.hear()

    @rule(limit=st.integers(1, 4))
    def something_comes(self, limit):
        self.near.fetch(limit)

    @invariant()
    def nobody_is_denied_and_no_date_goes_back(self):
        for shard in (OWN, NEAR, FAR):
            told = self.near.ask(10_000_000, shard)
            if told is None:
                assert shard not in self.newest
                continue
            assert told.recorded or told.as_of >= self.newest.get(shard, DAY)
            if not told.recorded:
                self.newest[shard] = told.as_of
                for (at, value), day in self.known_on.items():
                    if at == shard and day <= told.as_of:
                        assert self.near.ask(value, shard).recorded


def test_whatever_comes_in_whatever_order_nobody_is_denied_and_no_date_goes_back():
    run_state_machine_as_test(Filters, settings=settings(max_examples=30, deadline=None, stateful_step_count=30))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 6)), max_size=20))
def test_whatever_order_versions_come_in_what_is_known_only_grows(heard):
    store = InMemoryAnnounced()
    highest = {}
    for name, version in heard:
        news = store.note(Announced(name, version, Part("0" * 64, version)))
        assert news == (version > highest.get(name, 0))
        highest[name] = max(version, highest.get(name, 0))
        assert {row.name: row.version for row in store.known()} == highest
