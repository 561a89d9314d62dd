"""Who is called next and how long the others wait: pure, no store and no clock."""

from datetime import UTC, datetime, time, timedelta

import pytest

from rekam.station.day.line import Line
from rekam.station.day.pace import Pace
from rekam.station.day.plan import DayPlan
from rekam.station.day.ticket import Deed, Event, Priority, Service, State, Ticket, TicketId, letter, replay

DAY = "2026-11-23"
MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CLOSED = DayPlan(None, None, 0)
OPEN = DayPlan(time(8), time(15), 84)


def at(minutes):
    return (MORNING + timedelta(minutes=minutes)).isoformat()


def ticket(number, priority=Priority.NONE):
    return Ticket(TicketId(DAY, "A", number), Service.RECORDING, priority, at(number))


def line(tickets, *deeds):
    """`deeds` are (number, what, minute); a sitting's end is (number, "saved" or "dropped", minute)."""
    events = []
    for count, (number, what, minute) in enumerate(deeds, start=1):
        named = TicketId(DAY, "A", number)
        if what == "saved":
            events.append(Event(count, named, Deed.BOUND, at(minute), f"s{number}", recorded_at=at(minute)))
        elif what == "dropped":
            events.append(Event(count, named, Deed.BOUND, at(minute), f"s{number}", closed_at=at(minute)))
        else:
            events.append(Event(count, named, Deed(what), at(minute)))
    return Line(DAY, replay(tickets, events))


def numbers(tickets):
    return [found.id.number for found in tickets]


def test_without_priority_the_order_is_that_of_the_numbers():
    assert numbers(line([ticket(number) for number in range(1, 5)]).order()) == [1, 2, 3, 4]


def test_priority_goes_first_but_nobody_waits_for_ever():
    first = [ticket(number, Priority.ELDERLY) for number in range(4, 10)]
    assert numbers(line([ticket(1), ticket(2), ticket(3), *first]).order()) == [4, 5, 1, 6, 7, 2, 8, 9, 3]


def test_how_many_with_priority_were_called_already_counts():
    tickets = [ticket(1), ticket(2, Priority.PREGNANT), ticket(3, Priority.DISABLED), ticket(4, Priority.ELDERLY)]
    called = line(tickets, (2, "called", 10), (2, "done", 12), (3, "called", 12), (3, "done", 14))
    assert numbers(called.order()) == [1, 4]


def test_who_does_not_come_is_set_aside_and_put_back_into_the_old_place():
    tickets = [ticket(1), ticket(2), ticket(3)]
    gone = line(tickets, (1, "called", 10), (1, "absent", 11))
    assert (numbers(gone.order()), gone.at_counter) == ([2, 3], None)
    back = line(tickets, (1, "called", 10), (1, "absent", 11), (1, "returned", 13))
    assert numbers(back.order()) == [1, 2, 3]


def test_a_saved_sitting_serves_its_ticket_and_a_closed_one_ends_it():
    ended = line([ticket(1), ticket(2)], (1, "called", 1), (1, "saved", 5), (2, "called", 6), (2, "dropped", 7))
    assert [found.state for found in ended.tickets] == [State.SERVED, State.CLOSED]
    assert ended.at_counter is None


def test_calling_again_is_counted_and_keeps_the_ticket_at_the_counter():
    again = line([ticket(1)], (1, "called", 1), (1, "called", 2))
    assert again.at_counter.calls == 2


@pytest.mark.parametrize(("counter", "letters"), [(1, "AB"), (2, "CD"), (13, "YZ"), (14, "AB")])
def test_two_counters_of_one_district_call_under_letters_of_their_own(counter, letters):
    assert "".join(letter(service, counter) for service in Service) == letters


def served(count, minutes):
    tickets = [ticket(number) for number in range(1, count + 1)]
    deeds = []
    for number in range(1, count + 1):
        deeds += [(number, "called", 100 + (number - 1) * minutes), (number, "saved", 100 + number * minutes)]
    return line(tickets, *deeds), MORNING + timedelta(minutes=100 + count * minutes)


def test_before_three_sittings_the_pace_is_the_plans_hours_for_each_one_expected():
    assert Pace.of(line([]), OPEN, MORNING) == Pace(300, own=False)
    two, now = served(2, 10)
    assert Pace.of(two, OPEN, now) == Pace(300, own=False)


def test_from_three_sittings_on_it_is_the_days_own_median():
    three, now = served(3, 8)
    pace = Pace.of(three, OPEN, now)
    assert pace == Pace(480, own=True)
    assert pace.wait_s(5, busy=False) == 2400
    assert pace.wait_s(5, busy=True) == 2640


def test_one_endless_sitting_and_a_clock_that_was_set_move_nothing():
    tickets = [ticket(number) for number in range(1, 7)]
    deeds = [(1, "called", 0), (1, "saved", 500)]  # eight hours
    deeds += [(2, "called", 500), (2, "saved", 400)]  # ended before it began
    for number in (3, 4, 5):
        deeds += [(number, "called", 500 + 6 * number), (number, "saved", 506 + 6 * number)]
    assert Pace.of(line(tickets, *deeds), OPEN, MORNING + timedelta(minutes=536)) == Pace(360, own=True)


def test_without_a_plan_and_before_anybody_was_served_nobody_claims_to_know():
    assert Pace.of(line([ticket(1)]), CLOSED, MORNING).wait_s(3, busy=True) is None


def test_a_counter_at_which_nothing_happens_any_more_promises_nothing():
    three, now = served(3, 8)
    assert Pace.of(three, OPEN, now + timedelta(minutes=31)).wait_s(1, busy=False) == 480
    assert Pace.of(three, OPEN, now + timedelta(minutes=33)).wait_s(1, busy=False) is None
