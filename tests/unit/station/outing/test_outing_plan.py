from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from rekam.enrolment.regions import Regions
from rekam.station.outing.outings import AnotherIsOut, OutingClosed, OutingState, UnknownOuting
from rekam.station.outing.plan import (
    OutingBackwards,
    OutingHoursInvalid,
    OutingInThePast,
    OutingNeedsPlace,
    OutingNeedsTeam,
    OutingNotAVillage,
    OutingTooLong,
)
from station_counter import OPERATOR, SUPERVISOR


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"place": "  "}, OutingNeedsPlace),
        ({"village": "31.74.01"}, OutingNotAVillage),
        ({"village": "31.74.01.9999"}, OutingNotAVillage),
        ({"village": ""}, OutingNotAVillage),
        ({"last_day": date(2026, 11, 22)}, OutingBackwards),
        ({"last_day": date(2027, 11, 25)}, OutingTooLong),
        ({"first_day": date(2028, 11, 23), "last_day": date(2028, 11, 25)}, OutingTooLong),
        ({"first_day": date(2026, 11, 18), "last_day": date(2026, 11, 20)}, OutingInThePast),
        ({"opens": time(16), "closes": time(8)}, OutingHoursInvalid),
        ({"opens": time(8), "closes": time(8)}, OutingHoursInvalid),
        ({"team": ()}, OutingNeedsTeam),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "-".join(value),
)
def test_a_plan_that_cannot_be_is_refused(plan, wrong, problem):
    with pytest.raises(problem):
        replace(plan, **wrong).checked(Regions.load(), date(2026, 11, 21))


def test_an_outing_that_has_begun_already_may_still_be_planned(here, plan):
    begun = replace(plan, first_day=date(2026, 11, 20))
    assert here.outings.plan(begun, by=OPERATOR, once="form-1").plan == begun


def test_with_a_clock_reset_to_2010_and_no_word_of_the_centre_no_day_is_called_past_or_too_far(counter, plan):
    counter.clock.set_wall(datetime(2010, 1, 1, tzinfo=UTC))
    counter.sign_in()
    outings = counter.station.here.outings
    assert not outings.certain
    assert outings.plan(plan, by=OPERATOR, once="form-1").plan == plan
    assert outings.plan(replace(plan, last_day=date(2026, 11, 24)), by=OPERATOR, once="form-2").number == 2


def test_the_same_form_sent_twice_plans_one_outing(here, plan, outing):
    assert here.outings.plan(plan, by=SUPERVISOR, once="form-1") == outing
    assert here.outings.open_ones() == [outing]


def test_what_was_planned_can_be_changed_until_it_is_closed(here, plan, outing):
    moved = replace(plan, place="Balai RW", vehicle="B 1234 XY", contact="Pak Lurah")
    assert here.outings.change(outing.number, moved).plan == moved
    here.outings.close(outing.number, {}, by=SUPERVISOR)
    with pytest.raises(OutingClosed):
        here.outings.change(outing.number, plan)


def test_one_outing_is_out_at_a_time_and_who_came_back_may_set_out_again(counter, here, plan, outing):
    second = here.outings.plan(plan, by=OPERATOR, once="form-2")
    assert here.outings.depart(outing.number).state is OutingState.OUT
    with pytest.raises(AnotherIsOut):
        here.outings.depart(second.number)
    assert here.outings.depart(outing.number) == here.outings.out()
    assert here.outings.come_back(outing.number).state is OutingState.BACK
    assert here.outings.depart(second.number).number == 2
    here.outings.come_back(second.number)
    counter.clock.advance(3600)
    again = here.outings.depart(outing.number)
    assert (again.state, again.departed_at) == (OutingState.OUT, "2026-11-21T02:00:00+00:00")


def test_a_closed_outing_stays_as_it_is_whatever_is_tried(here, outing):
    closed = here.outings.close(outing.number, {"recorded": 3}, by=SUPERVISOR)
    assert (closed.state, closed.counts, closed.closed_by) == (OutingState.CLOSED, {"recorded": 3}, SUPERVISOR)
    with pytest.raises(OutingClosed):
        here.outings.depart(outing.number)
    for tampering in ("UPDATE outing SET place = 'x'", "DELETE FROM outing"):
        with pytest.raises(Exception, match="stays"), here.store.tx() as tx:
            tx.execute(tampering)
    with pytest.raises(UnknownOuting):
        here.outings.find(99)


def test_what_is_recorded_between_setting_out_and_coming_back_is_noted_with_its_outing(counter, here, outing):
    people = counter.adults(4)
    here.expected.take(outing.number, people[:2], "register")
    counter.save(people[0].nik)
    here.outings.depart(outing.number)
    counter.save(people[1].nik)
    counter.clock.advance(600)
    counter.save(people[2].nik)
    here.outings.come_back(outing.number)
    counter.save(people[3].nik)
    start = datetime(2026, 11, 21, 2, tzinfo=UTC)
    assert here.outings.recorded_at(outing.number) == [start, start + timedelta(minutes=10)]
    rows = here.store.rows("SELECT sequence, listed FROM outing_recording JOIN recording USING (packet_id)")
    assert rows == [(2, 1), (3, 0)]
    assert here.day_end.counts(date(2026, 11, 21)).away == 2
    for tampering in ("UPDATE outing_recording SET outing = 2", "DELETE FROM outing_recording"):
        with pytest.raises(Exception, match="stays noted"), here.store.tx() as tx:
            tx.execute(tampering)
