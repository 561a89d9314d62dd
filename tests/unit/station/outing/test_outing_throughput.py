from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from rekam.enrolment.zones import WIB
from rekam.station.outing.plan import OutingPlan
from rekam.station.outing.throughput import Throughput, Verdict
from rekam.station.pages.outing_chart import chart_of

PLAN = OutingPlan(
    "Balai desa", "31.74.01.1001", date(2026, 11, 23), date(2026, 11, 24), time(8), time(16), ("op-317401-01",)
)


def at(hour, minute=0, day=23):
    return datetime(2026, 11, day, hour, minute, tzinfo=WIB)


def every(minutes, count, begin=None):
    begin = begin or at(8)
    return [begin + timedelta(minutes=minutes * n) for n in range(count)]


def test_each_hour_of_each_day_is_counted_whether_planned_or_not():
    work = Throughput.of([at(7, 50), at(8, 5), at(8, 59), at(17), at(9, day=24)], PLAN, 10, at(10, day=24))
    assert [(day.day.day, day.first_hour, day.hours) for day in work.days] == [
        (23, 7, (1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        (24, 8, (0, 1, 0, 0, 0, 0, 0, 0)),
    ]
    assert work.recorded == 5


def test_before_four_recordings_nothing_is_foretold():
    work = Throughput.of(every(6, 3), PLAN, 80, at(8, 20))
    assert (work.pace, work.ends, work.verdict) == (None, None, Verdict.UNKNOWN)
    assert work.needed == pytest.approx(80 / (7 + 40 / 60 + 8))


def test_enough_when_the_list_is_done_within_the_hours_that_are_left():
    work = Throughput.of(every(6, 20), PLAN, 40, at(10))
    assert work.pace == pytest.approx(10)
    assert work.ends == at(14)
    assert (work.unmet, work.verdict) == (0, Verdict.ENOUGH)


def test_what_is_not_done_in_the_evening_goes_on_the_next_morning():
    assert Throughput.of(every(6, 20), PLAN, 80, at(10)).ends == at(10, day=24)


def test_short_says_how_many_would_be_left_at_the_end():
    work = Throughput.of(every(6, 20), PLAN, 200, at(10))
    assert (work.ends, work.unmet, work.verdict) == (None, 60, Verdict.SHORT)
    assert work.needed == pytest.approx(200 / 14)


def test_a_rest_at_noon_does_not_slow_the_pace():
    moments = every(6, 5) + every(6, 5, at(13))
    assert Throughput.of(moments, PLAN, 10, at(13, 30)).pace == pytest.approx(10)


def test_a_clock_that_jumped_does_not_make_a_pace():
    moments = [*every(6, 5, at(8)), *[at(8) + timedelta(days=400, minutes=6 * n) for n in range(5)]]
    assert Throughput.of(moments, PLAN, 10, at(9)).pace == pytest.approx(10)


def test_after_the_last_hour_nothing_is_needed_any_more_and_the_rest_is_said():
    work = Throughput.of(every(6, 20), PLAN, 7, at(16, 30, day=24))
    assert (work.needed, work.unmet, work.verdict) == (None, 7, Verdict.OVER)


def test_a_list_that_is_done_is_done_whatever_the_clock_says():
    assert Throughput.of(every(6, 20), PLAN, 0, at(10) - timedelta(days=6000)).verdict is Verdict.DONE


def test_with_the_clock_of_2010_all_days_are_still_to_come():
    work = Throughput.of([], PLAN, 32, datetime(2010, 1, 1, tzinfo=UTC).astimezone(WIB))
    assert work.needed == pytest.approx(2)


def test_the_drawing_keeps_its_bars_apart_in_its_width_and_as_high_as_what_they_count():
    moments = [at(8 + n // 50, n % 50, day=22 + day) for day in range(1, 8) for n in range(300)]
    week = replace(PLAN, last_day=date(2026, 11, 29))
    chart = chart_of(Throughput.of(moments, week, 400, at(15, 30, day=29)))
    assert chart.hidden == 2
    assert [mark.total for mark in chart.days] == [300] * 5
    edges = [edge for bar in chart.bars for edge in (bar.x, bar.x + bar.width)]
    assert edges == sorted(edges)
    assert edges[-1] <= chart.width
    assert {bar.height for bar in chart.bars if bar.count == 50} == {round(50 / 800 * (chart.base - 22), 1)}
    assert chart.needed == 22  # 800 an hour for the last half hour: the top of the drawing
    assert all(bar.y + bar.height == pytest.approx(chart.base, abs=0.2) for bar in chart.bars)


def test_before_the_first_recording_there_is_nothing_to_draw():
    chart = chart_of(Throughput.of([], PLAN, 10, at(9)))
    assert (chart.bars, chart.days, chart.needed) == ((), (), None)
