"""The queue in the station's store: numbers, deeds, service days, power cuts."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import apsw
import pytest

from rekam.station.day.letters import CounterLetters, LettersUnusable
from rekam.station.day.plan import DayPlan, HoursInvalid, Plans
from rekam.station.day.queue import NoServiceDay, Queue, TicketElsewhere, UnknownTicket
from rekam.station.day.ticket import Deed, Priority, Service, State, TicketId
from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock, SteppedClock, TimeBasis
from station_identity import station_identity

KEY = bytes(range(32))
EVENING = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)  # 23.50 WIB


@pytest.fixture
def clock():
    return SteppedClock(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))


@pytest.fixture
def legal(clock):
    return LegalClock(clock)


@pytest.fixture
def store(tmp_path):
    made = StationStore.create(tmp_path / "station.db", KEY, station_identity())
    yield made
    made.close()


@pytest.fixture
def queue(store, legal):
    return Queue(store, legal, CounterLetters(store))


def take(queue, count=1, priority=Priority.NONE, service=Service.RECORDING):
    start = len(queue.line().tickets)
    return [queue.take(service, priority, f"form-{start + each}") for each in range(count)]


def call(queue):
    return queue.call_next("op-1", seen=queue.line().version)


def deed(queue, ticket, what):
    return queue.note(ticket.id, what, "op-1", seen=queue.line().version)


def test_before_a_day_is_opened_there_is_no_queue(queue):
    assert queue.line().tickets == ()
    with pytest.raises(NoServiceDay):
        take(queue)


def test_numbers_begin_at_one_each_service_day_and_each_service_has_its_own(queue, clock):
    queue.open_day("op-1")
    assert [str(ticket.id) for ticket in take(queue, 2) + take(queue, 1, service=Service.PAPERS)] == [
        "A-001",
        "A-002",
        "B-001",
    ]
    clock.advance(24 * 3600)
    queue.open_day("op-1")
    assert str(take(queue)[0].id) == "A-001"


def test_a_form_sent_twice_gives_one_ticket(queue):
    queue.open_day("op-1")
    assert queue.take(Service.RECORDING, Priority.NONE, "x") == queue.take(Service.RECORDING, Priority.NONE, "x")
    assert len(queue.line().tickets) == 1


def test_a_power_cut_after_a_number_was_told_never_gives_it_again(queue, tmp_path, legal):
    queue.open_day("op-1")
    told = take(queue, 3)
    # what lies on the disk at this moment, as after a cut: the store was not closed
    for name in ("station.db", "station.db-wal"):
        (tmp_path / f"cut-{name}").write_bytes(Path(tmp_path / name).read_bytes())
    (tmp_path / "cut-station.db-wal").rename(tmp_path / "cut.db-wal")
    (tmp_path / "cut-station.db").rename(tmp_path / "cut.db")
    after = Queue(kept := StationStore.open(tmp_path / "cut.db", KEY), legal, CounterLetters(kept))
    assert [ticket.id for ticket in after.line().tickets] == [ticket.id for ticket in told]
    assert after.take(Service.RECORDING, Priority.NONE, "after").id.number == 4


def test_letters_that_a_supervisor_chose_hold_from_the_next_service_day_on(queue, store, clock):
    letters = CounterLetters(store)
    assert [letters.chosen().of(service) for service in Service] == ["A", "B"]
    letters.put("q", " r ", by="spv-1", at="2026-11-23T01:00:00+00:00")
    queue.open_day("op-1")
    assert str(take(queue)[0].id) == "Q-001"
    letters.put("X", "Y", by="spv-1", at="2026-11-23T02:00:00+00:00")
    queue.open_day("op-1")
    assert str(take(queue)[0].id) == "Q-002"
    assert str(take(queue, service=Service.PAPERS)[0].id) == "R-001"
    assert queue.letter(Service.RECORDING) == "Q"
    clock.advance(24 * 3600)
    queue.open_day("op-1")
    assert str(queue.take(Service.RECORDING, Priority.NONE, "the next day").id) == "X-001"


def test_letters_that_two_services_would_share_or_that_are_none_are_refused(store):
    letters = CounterLetters(store)
    for recording, papers in [("A", "A"), ("", "B"), ("AB", "C"), ("1", "C"), ("Ñ", "C"), ("A", "é")]:
        with pytest.raises(LettersUnusable):
            letters.put(recording, papers, by="spv-1", at="2026-11-23T01:00:00+00:00")
    assert letters.chosen() == letters.usual()
    letters.put("K", "L", by="spv-1", at="2026-11-23T01:00:00+00:00")
    for change in ("UPDATE counter_letters SET recording = 'M'", "DELETE FROM counter_letters"):
        with pytest.raises(apsw.ConstraintError), store.tx() as tx:
            tx.execute(change)


def test_no_hand_changes_removes_or_doubles_a_number(queue, store):
    queue.open_day("op-1")
    take(queue, 2)
    for sql in (
        "UPDATE ticket SET number = 9",
        "DELETE FROM ticket",
        "DELETE FROM ticket_event",
        "INSERT INTO ticket VALUES ('2026-11-23', 'A', 2, 'recording', 'none', '', 'y')",
        "INSERT INTO ticket VALUES ('2026-11-23', 'A', 9, 'recording', 'none', '', 'y')",
    ):
        deed_done = call(queue) if "event" in sql else None
        assert deed_done is None or deed_done.state is State.CALLED
        with pytest.raises(apsw.ConstraintError), store.tx() as tx:
            tx.execute(sql)


def test_a_ticket_is_called_attended_and_bound_to_the_sitting_that_is_opened(queue, store):
    queue.open_day("op-1")
    take(queue, 2)
    first = call(queue)
    deed(queue, first, Deed.ATTENDED)
    assert queue.bind("s1", "op-1").state is State.SITTING
    assert queue.bind("s1", "op-1").state is State.SITTING
    assert queue.bind("s2", "op-1") is None
    with store.tx() as tx:
        tx.execute(
            "INSERT INTO abandoned (sitting_id, nik, operator, at, reason) VALUES ('s1', 'nik', 'op-1', '2026-11-23T02:00:00+00:00', 'why')"
        )
    assert queue.find(first.id).state is State.CLOSED
    assert call(queue).id.number == 2


def test_a_sitting_opened_while_nobody_was_called_belongs_to_no_ticket(queue):
    assert queue.bind("s0", "op-1") is None
    queue.open_day("op-1")
    take(queue)
    assert queue.bind("s0", "op-1") is None
    take(queue, 1, service=Service.PAPERS)
    deed(queue, call(queue), Deed.ABSENT)
    assert call(queue).service is Service.PAPERS
    assert queue.bind("s0", "op-1") is None


def test_calling_the_next_ends_who_was_served_without_a_sitting(queue):
    queue.open_day("op-1")
    take(queue, 1, service=Service.PAPERS)
    take(queue)
    paper = deed(queue, call(queue), Deed.ATTENDED)
    assert call(queue).service is Service.RECORDING
    assert queue.find(paper.id).state is State.SERVED


def test_two_tabs_that_call_at_once_call_one(queue):
    queue.open_day("op-1")
    take(queue, 3)
    seen = queue.line().version
    queue.call_next("op-1", seen=seen)
    with pytest.raises(TicketElsewhere):
        queue.call_next("op-1", seen=seen)
    assert [ticket.id.number for ticket in queue.line().of(State.CALLED)] == [1]


def test_who_was_called_and_neither_came_nor_was_set_aside_is_not_passed_over(queue):
    queue.open_day("op-1")
    take(queue, 2)
    call(queue)
    with pytest.raises(TicketElsewhere):
        call(queue)


@pytest.mark.parametrize("what", [Deed.ATTENDED, Deed.ABSENT, Deed.RETURNED, Deed.DONE])
def test_only_a_ticket_that_was_called_can_be_dealt_with(queue, what):
    queue.open_day("op-1")
    (waiting,) = take(queue)
    with pytest.raises(TicketElsewhere):
        deed(queue, waiting, what)


def test_a_ticket_that_is_not_there_is_told(queue):
    queue.open_day("op-1")
    with pytest.raises(UnknownTicket, match="A-099"):
        queue.note(TicketId("2026-11-23", "A", 99), Deed.CALLED, "op-1", seen=0)


def test_at_midnight_the_open_day_goes_on_until_somebody_opens_the_next(queue, clock, legal):
    legal.set(int(EVENING.timestamp() * 1000))
    assert queue.open_day("op-1").day == date(2026, 11, 23)
    take(queue, 2)
    clock.advance(3600)
    assert queue.today == date(2026, 11, 24)
    assert take(queue)[0].id == TicketId("2026-11-23", "A", 3)
    assert call(queue).id.day == "2026-11-23"
    assert queue.open_day("op-2").day == date(2026, 11, 24)
    assert str(take(queue)[0].id) == "A-001"


def test_the_machines_date_decides_nothing_once_the_centres_time_is_known(queue, clock, legal):
    legal.set(int(datetime(2026, 11, 23, 1, 0, tzinfo=UTC).timestamp() * 1000))
    clock.set_wall(datetime(2010, 1, 1, tzinfo=UTC))
    assert (queue.open_day("op-1").day, queue.day().basis) == (date(2026, 11, 23), TimeBasis.CENTRE)


def test_while_no_legal_time_is_known_the_day_says_so_and_keeps_its_numbers_when_the_date_is_corrected(
    queue, clock, legal
):
    clock.set_wall(datetime(2010, 1, 1, 2, 0, tzinfo=UTC))
    assert queue.open_day("op-1").basis is TimeBasis.MACHINE
    take(queue, 2)
    legal.set(int(datetime(2026, 11, 23, 3, 0, tzinfo=UTC).timestamp() * 1000))
    assert queue.today == date(2026, 11, 23)
    assert take(queue)[0].id.number == 3


def test_a_date_that_comes_again_goes_on_where_its_numbers_ended(queue, clock):
    queue.open_day("op-1")
    take(queue, 2)
    clock.set_wall(datetime(2026, 12, 24, 1, 0, tzinfo=UTC))
    queue.open_day("op-1")
    take(queue, 1)
    clock.set_wall(datetime(2026, 11, 23, 5, 0, tzinfo=UTC))
    queue.open_day("op-1")
    assert take(queue)[0].id == TicketId("2026-11-23", "A", 3)


def test_a_day_opened_twice_is_opened_once(queue):
    assert queue.open_day("op-1") == queue.open_day("op-2")


@pytest.fixture
def plans(store):
    return Plans(store)


def test_monday_to_friday_are_service_days_until_a_supervisor_says_otherwise(plans):
    assert plans.of(date(2026, 11, 27)).is_open
    assert not plans.of(date(2026, 11, 28)).is_open


def test_a_weekend_opening_holds_for_its_date_and_a_weekly_one_for_each(plans):
    weekend = DayPlan(time(9), time(12), 60, "Layanan akhir pekan")
    plans.put(date(2026, 11, 28), weekend, by="spv", at="2026-11-23T01:00:00+00:00")
    assert plans.of(date(2026, 11, 28)) == DayPlan(time(9), time(12), 60, "Layanan akhir pekan", "date")
    assert not plans.of(date(2026, 12, 5)).is_open
    plans.put(5, weekend, by="spv", at="2026-11-23T01:00:00+00:00")
    plans.put(date(2026, 12, 5), DayPlan(None, None, 0, "Libur"), by="spv", at="2026-11-23T01:00:00+00:00")
    assert [plan.is_open for _, plan in plans.between([date(2026, 12, 5), date(2026, 12, 12)])] == [False, True]


@pytest.mark.parametrize(
    "plan",
    [DayPlan(time(15), time(8), 10), DayPlan(time(8), None, 10), DayPlan(time(8), time(9), -1)],
    ids=["closes before it opens", "never closes", "fewer than nobody"],
)
def test_hours_that_cannot_be_are_refused(plans, plan):
    with pytest.raises(HoursInvalid):
        plans.put(date(2026, 11, 28), plan, by="spv", at="")
