"""What comes down from the centre: applied once, in one transaction with the cursor, handed on byte for byte."""

import psycopg
import pytest

from office_examples import CENTRE, FEED, OTHER_OFFICE, STATION, packet, parcel, world
from rekam.enrolment.status import Status
from rekam.exchange.errors import FeedUnreadable
from rekam.exchange.feed import EntryKind, open_batch
from rekam.exchange.roll_call import RollCaller
from rekam.office.results import Results


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        yield made


def status(here, sent):
    return here.office.whereabouts.packet(sent.id)[0].status


def test_a_packet_goes_from_custody_to_print_ready_as_the_centre_tells(here):
    sent = packet()
    here.custody(sent)
    assert status(here, sent) is Status.PROCESSING
    here.centre.accept(sent)
    here.follow()
    assert status(here, sent) is Status.RECEIVED_AT_CENTRAL
    here.centre.status(sent, "ADJUDICATE_RECORD", EntryKind.PROGRESS)
    here.centre.order(sent)
    here.follow()
    assert status(here, sent) is Status.PRINT_READY_RECORD
    told = here.office.whereabouts.packet(sent.id)[1]
    assert [line.kind for line in told] == ["accepted", "progress", "result", "print_order"]
    assert here.office.state().feed_cursor == 4
    assert here.follow() == 0


def test_a_printed_card_that_the_centre_tells_of_is_known_to_an_office_that_was_rebuilt(here):
    sent = packet()
    here.custody(sent)
    here.centre.accept(sent)
    here.centre.order(sent)
    here.centre.tell(
        EntryKind.CARD,
        packet_id=sent.id,
        number=sent.number,
        status="CARD_PRINTED",
        reason="",
        copy=1,
        issued_on="2017-03-20",
        at="2017-03-20T04:00:00+00:00",
    )
    here.follow()
    assert status(here, sent) is Status.CARD_PRINTED
    assert [line.kind for line in here.office.whereabouts.packet(sent.id)[1]][-1] == "card"
    assert here.office.whereabouts.doubled() == []


def test_the_receipt_of_a_packet_that_only_a_roll_call_acknowledged_comes_with_the_feed(here):
    sent, other = packet(1), packet(2)
    for one in (sent, other):
        here.custody(one)
        here.centre.inbox.append(one.id, 0, one.data)
    receipts = {one.id: here.centre.inbox.complete(one.id, STATION.chain) for one in (sent, other)}  # answers are lost
    outbox = here.office.outbox
    assert RollCaller(outbox, here.centre.remote, CENTRE.key.public, kind="acceptance").run_once() == 2
    assert [outbox.receipt_of(one.id) for one in (sent, other)] == [None, None]
    at = "2017-03-18T04:00:00+00:00"
    for one, receipt in ((sent, receipts[sent.id]), (other, receipts[sent.id])):
        here.centre.tell(EntryKind.ACCEPTED, packet_id=one.id, number=one.number, receipt=receipt, at=at)
    here.follow()
    assert [outbox.receipt_of(one.id) for one in (sent, other)] == [receipts[sent.id], None]
    assert [status(here, one) for one in (sent, other)] == [Status.RECEIVED_AT_CENTRAL] * 2


def test_what_the_feed_told_before_the_packet_came_stays(here):
    sent = packet()
    here.centre.status(sent, "DUPLICATE_RECORD")
    here.follow()
    here.custody(sent)
    assert status(here, sent) is Status.DUPLICATE_RECORD


def test_a_database_that_dies_in_the_middle_of_a_batch_keeps_nothing_and_it_is_applied_whole_later(here, monkeypatch):
    sent, other = packet(1), packet(2)
    here.centre.accept(sent)
    here.centre.order(other)
    apply = Results.__call__

    def torn(self, tx, entry):
        apply(self, tx, entry)
        if entry.n == 3:
            tx.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(Results, "__call__", torn)
    with pytest.raises(psycopg.OperationalError):
        here.follow()
    state = here.office.state()
    assert (state.feed_cursor, state.print_orders, here.office.whereabouts.by_status()) == (0, 0, [])
    monkeypatch.undo()
    assert here.follow() == 3
    assert here.office.state().print_orders == 1


def test_a_server_that_dies_between_apply_and_answer_applies_nothing_twice(here):
    sent = packet()
    here.centre.order(sent)
    data = here.centre.feed.after(FEED, 0)
    batch = open_batch(data, CENTRE.key.public)
    assert here.office.sink.apply(FEED, batch, data) == 2
    again = here.again()
    assert again.upward.follower.run_once() == 0
    assert again.state().print_orders == 1


def test_stations_get_the_centres_batches_byte_for_byte(here):
    here.centre.notice()
    here.follow()
    assert here.office.local().feed_after(FEED, 0) == here.centre.feed.after(FEED, 0)
    assert here.office.local().feed_after(FEED, 1) is None


def test_a_second_result_or_print_order_is_noticed_and_changes_no_order(here):
    sent = packet()
    here.centre.order(sent, 1)
    here.centre.order(sent, 2)
    here.follow()
    assert here.office.whereabouts.doubled() == [sent.id, sent.id]
    assert [line.order_number for line in here.office.cards.waiting()] == [1]


def test_a_parcel_that_does_not_open_delays_nobody(here):
    bad, good = packet(1), packet(2)
    here.centre.status(bad, "PRINT_READY_RECORD")
    foreign = parcel(bad, office=OTHER_OFFICE)
    here.centre.tell(EntryKind.PRINT_ORDER, packet_id=bad.id, order=1, parcel=foreign)
    here.centre.order(good, 2)
    here.follow()
    waiting = here.office.cards.waiting()
    assert [line.summary is None for line in waiting] == [True, False]


def test_kinds_that_an_office_has_no_use_for_are_passed_over(here):
    here.centre.tell(EntryKind.STATUS, shard="3174")
    here.centre.tell("something of a later version", x=1)
    assert here.follow() == 2


def test_a_body_that_breaks_its_kind_is_refused_whole(here):
    here.centre.tell(EntryKind.RESULT, packet_id="x")
    with pytest.raises(FeedUnreadable):
        here.follow()
    assert here.office.state().feed_cursor == 0
    assert isinstance(here.office.relay.run_once().problem, FeedUnreadable)


def test_a_status_never_goes_back_whoever_writes(here):
    sent = packet()
    here.centre.accept(sent)
    here.centre.status(sent, "PRINT_READY_RECORD")
    here.follow()
    for change in ("UPDATE packet_status SET entry = 1", "DELETE FROM packet_status", "DELETE FROM told"):
        with pytest.raises(psycopg.errors.RestrictViolation), here.office.pool.connection() as connection:
            connection.execute(change)


def test_notices_arrive_newest_first(here):
    here.centre.notice(1)
    here.centre.notice(2, "Rekam ulang tidak dipungut biaya.", "Sampaikan kepada penduduk.")
    here.follow()
    assert [notice.number for notice in here.office.notices.newest()] == [2, 1]


def test_the_legal_date_is_the_centres_and_outlives_a_restart_with_a_wrong_clock(here):
    here.centre.notice()
    here.follow()
    here.clock.set_wall(here.clock.wall().replace(year=2001))
    assert here.office.dates.today().isoformat() == "2017-03-20"
    assert here.again().dates.today().isoformat() == "2017-03-20"
