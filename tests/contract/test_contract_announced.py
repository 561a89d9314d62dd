"""What was announced, wherever it is kept: a lower version never follows a higher one, and nothing ever changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.exchange.announced import Announced, InMemoryAnnounced
from rekam.exchange.errors import FeedUnreadable
from rekam.exchange.feed import Entry
from rekam.exchange.parts import Part
from rekam.exchange.pg.announced import PgAnnounced, note
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.station import announced as of_station
from rekam.station.store import StationStore
from rekam.storage.sqlite import open_encrypted
from rekam.storage.testing import fresh_pool
from rekam.trust import cbor


def row(name, version, fill="a"):
    return Announced(name, version, Part(fill * 64, version))


@pytest.fixture(params=["memory", "postgres", "station"])
def place(request, tmp_path):
    """The store, and how an announcement is noted there in a transaction of its own."""
    if request.param == "memory":
        store = InMemoryAnnounced()
        yield store, store.note
    elif request.param == "postgres":
        with fresh_pool(EXCHANGE_TABLES) as pool:

            def noted(announced):
                with pool.connection() as tx:
                    return note(tx, announced)

            yield PgAnnounced(pool), noted
    else:
        opened = StationStore(open_encrypted(tmp_path / "station.db", bytes(32)))

        def noted(announced):
            with opened.tx() as tx:
                return of_station.note(tx, announced)

        yield of_station.StationAnnounced(opened), noted
        opened.close()


def test_what_was_noted_is_known_by_name_and_version(place):
    store, noted = place
    assert [noted(each) for each in (row("filter", 1), row("codelists", 2), row("filter", 3))] == [True] * 3
    assert store.known() == [row("codelists", 2), row("filter", 1), row("filter", 3)]


def test_a_lower_version_and_the_same_one_with_other_content_leave_no_trace(place):
    store, noted = place
    noted(row("filter", 3))
    assert [noted(row("filter", 2)), noted(row("filter", 3, "b")), noted(row("filter", 3))] == [False] * 3
    assert store.known() == [row("filter", 3)]


@settings(max_examples=20, deadline=None)
@given(heard=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 9)), max_size=12))
def test_in_whatever_order_versions_come_the_newest_only_grows(heard):
    with fresh_pool(EXCHANGE_TABLES, max_size=1) as pool:
        store, memory = PgAnnounced(pool), InMemoryAnnounced()
        for name, version in heard:
            with pool.connection() as tx:
                assert note(tx, row(name, version)) == memory.note(row(name, version))
        assert store.known() == memory.known()


def test_an_announcement_travels_as_the_body_of_an_entry():
    assert Announced.from_entry(Entry(1, "announced", row("filter", 3).to_body())) == row("filter", 3)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "version": 1, "part": {"id": bytes(32), "size": 1}},
        {"name": "filter", "version": 0, "part": {"id": bytes(32), "size": 1}},
        {"name": "filter", "version": 1, "part": {"id": bytes(31), "size": 1}},
        {"name": "filter", "version": 1, "part": {"id": bytes(32), "size": 1}, "more": 1},
        ["filter", 1],
    ],
    ids=["no name", "version nought", "a short part", "an unknown field", "a list"],
)
def test_an_entry_that_announces_nothing_is_unreadable(fields):
    with pytest.raises(FeedUnreadable):
        Announced.from_entry(Entry(1, "announced", cbor.encode(fields)))
    with pytest.raises(FeedUnreadable):
        Announced.from_entry(Entry(1, "announced", b"\xff"))
