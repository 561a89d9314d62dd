"""What arrives a second time changes nothing, at no place (never 8), and nobody gets two of anything (never 4)."""

import pytest

from rekam.drill.demo import PIN
from rekam.exchange.errors import FeedWentBack
from rekam.exchange.feed import office_feed, open_batch
from rekam.storage.errors import OffsetMismatch
from small_country import OPERATOR, tables_of

pytestmark = pytest.mark.xdist_group("journey")

FEED = office_feed("3174")


def state(journey) -> dict[str, list[str]]:
    """Every row of every place, but for PostgreSQL's own."""
    found = {}
    for place in (journey.office, journey.centre):
        with place.pool.connection() as connection:
            for table in tables_of(place.pool):
                rows = connection.execute(f"SELECT t::text FROM {table} t ORDER BY 1").fetchall()
                found[f"{type(place).__name__} {table}"] = [row for (row,) in rows]
    store = journey.station.here.store
    for (table,) in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        if table != "setting":  # where the legal time is kept, which goes on
            found[f"Station {table}"] = sorted(repr(row) for row in store.rows(f"SELECT * FROM {table}"))
    return found


@pytest.fixture
def unchanged(journey):
    before = state(journey)
    assert {
        "Station recording",
        "Office exchange.packet",
        "Centre public.result",
        "Centre public.print_order",
    } <= before.keys()
    yield
    journey.centre.worker().run_until_idle()
    journey.office.relay.run_once()
    after = state(journey)
    assert {table for table in before if before[table] != after[table]} == set()


@pytest.mark.usefixtures("unchanged")
def test_the_same_packet_again_gives_the_same_receipt_and_nothing_else(journey):
    packet_id, here = journey.recording.packet_id, journey.station.here
    data = b"".join(here.blobs.chunks(packet_id))
    for place in (journey.office, journey.centre):
        first = place.inbox.receipts([packet_id])[packet_id]
        assert place.inbox.lacking([packet_id]) == {}
        for offset in (0, len(data)):
            with pytest.raises(OffsetMismatch):
                place.inbox.append(packet_id, offset, data)
        assert place.inbox.complete(packet_id, here.identity.chain) == first


@pytest.mark.usefixtures("unchanged")
def test_a_batch_of_the_feed_again_is_refused_and_applied_by_nobody(journey):
    centre = journey.office.centre.signing
    sinks = {"office": journey.office.sink, "station": journey.station.here.line._follower._sink}
    kinds, cursor = set(), 0
    while data := journey.centre.feed.after(FEED, cursor):
        batch = open_batch(data, centre)
        kinds, cursor = kinds | {entry.kind for entry in batch.entries}, batch.last
        for sink in sinks.values():
            with pytest.raises(FeedWentBack):
                sink.apply(FEED, batch, data)
    assert kinds >= {"accepted", "result", "print_order", "notice"}


@pytest.mark.usefixtures("unchanged")
def test_a_receipt_again_is_not_noted_again(journey):
    packet_id = journey.recording.packet_id
    again = journey.office.inbox.receipts([packet_id])[packet_id]
    for outbox in (journey.station.here.line.outbox, journey.office.outbox):
        outbox.acknowledged(packet_id, again + b"another")
        assert packet_id not in {each.packet_id for each in outbox.waiting(10)}


@pytest.mark.usefixtures("unchanged")
def test_saving_the_same_sitting_again_gives_the_same_recording(journey):
    here = journey.station.here
    operator = journey.station.sign_in(OPERATOR, PIN)
    again = here.saving.save(journey.recording.sitting_id, operator, None, consent=True)
    assert (again.packet_id, again.number) == (journey.recording.packet_id, journey.recording.number)


def test_one_packet_has_one_acceptance_one_result_one_print_order_one_card(journey):
    entries, cursor = [], 0
    while data := journey.centre.feed.after(FEED, cursor):
        batch = open_batch(data, journey.office.centre.signing)
        entries += batch.entries
        cursor = batch.last
    kinds = [entry.kind for entry in entries]
    assert [kinds.count(kind) for kind in ("accepted", "result", "print_order")] == [1, 1, 1]
    assert [entry.n for entry in entries] == list(range(1, len(entries) + 1))
    state = journey.office.state()
    assert (state.packets, state.print_orders, state.cards, state.blanks) == (1, 1, 1, 9)
    assert journey.centre.counts().adds_up
    assert journey.centre.counts().done == 1
