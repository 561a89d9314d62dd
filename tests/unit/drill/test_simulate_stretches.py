"""Schedules that share their first days: each is the same as alone, and they differ once they part."""

import os

import pytest

from rekam.drill.simulate import many
from rekam.drill.simulate.aside import aside
from rekam.drill.simulate.many import Report, play_quietly
from rekam.drill.simulate.run import Lived, play, simulate
from rekam.drill.simulate.stretches import FAMILY, STRETCHES, days_of, families, shared

DAYS = 6.0
"""Fewer than usual: what is shown here needs no month."""
SEEDS = (1, 2, 6)
"""The second parts from the first in the last stretch, the third before it."""


@pytest.fixture(scope="module")
def schedules():
    return play(SEEDS, days=DAYS)


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_a_schedule_among_others_is_the_same_to_the_byte_as_alone(schedules, number):
    alone = simulate(SEEDS[number], days=DAYS)
    assert schedules[number].trace == alone.trace
    assert schedules[number] == alone


def test_schedules_are_one_until_they_part_and_then_each_has_its_own(schedules):
    first, second, third = (schedule.trace for schedule in schedules)
    assert _before(first, STRETCHES[1].end) == _before(second, STRETCHES[1].end)
    assert _before(first, STRETCHES[0].end) == _before(third, STRETCHES[0].end) != []
    assert _saved(first, STRETCHES[1].end) != _saved(second, STRETCHES[1].end)
    assert _saved(first, STRETCHES[0].end) != _saved(third, STRETCHES[0].end)


def _before(trace, share):
    return [line for line in trace if int(line[:3]) < int(DAYS * share)]


def _saved(trace, share):
    """What a screen said after that share of the days, and when."""
    return [line for line in trace if int(line[:3]) >= int(DAYS * share) and " saved " in line]


def test_how_far_a_country_had_come_when_it_parted_is_the_same_for_all_that_share_it(schedules):
    first, second, third = (schedule.after for schedule in schedules)
    assert first == second
    assert first[0] == third[0]
    assert first[1] != third[1]
    for schedule in schedules:
        earlier, later = schedule.after
        assert 0 < earlier.recordings <= later.recordings < schedule.lived.recordings
        assert earlier.faults.total() <= later.faults.total() < schedule.lived.faults.total()
        assert later.days == pytest.approx(schedule.lived.days * STRETCHES[1].end)


def test_what_is_shared_is_counted_once_in_the_distinct_sum(schedules):
    report, before = Report("1-6"), None
    for schedule in schedules:
        report.add(schedule, before)
        before = schedule
    told = report.to_map()
    after = schedules[0].after
    assert told["recordings"] == sum(each.lived.recordings for each in schedules)
    assert told["distinct"]["recordings"] == told["recordings"] - after[1].recordings - after[0].recordings
    assert told["distinct"]["days"] == DAYS + DAYS / 6 + DAYS / 3
    assert told["distinct"]["families"] == 1


def test_seeds_are_played_family_by_family_also_where_one_is_begun_or_broken_off():
    assert families(1, 40) == [range(1, 21), range(21, 41)]
    assert families(18, 22) == [range(18, 21), range(21, 23)]
    assert families(5, 5) == [range(5, 6)]
    assert families(20, 20) == [range(20, 21)]
    assert [seed for family in families(3, 87) for seed in family] == list(range(3, 88))


def test_how_much_two_seeds_share():
    assert [shared(1, seed) for seed in (1, 2, 5, 6, 20, 21)] == [3, 2, 2, 1, 1, 0]


def test_seeds_of_two_families_are_refused():
    with pytest.raises(ValueError, match="several families"):
        play([FAMILY, FAMILY + 1])


def test_every_tenth_family_is_long():
    assert sum(days_of(seed, 30.0) > 180 for seed in range(1, 30 * FAMILY + 1)) == 3 * FAMILY
    assert days_of(1, 30.0) == 30.0


def test_what_breaks_a_schedule_off_is_told_with_its_seed_and_ends_no_other(monkeypatch, schedules):
    def broken(seeds, *, days):
        del days
        raise KeyError(seeds)

    def alone(seed, *, days):
        return schedules[0] if seed == 1 else broken(seed, days=days)

    monkeypatch.setattr(many, "play", broken)
    monkeypatch.setattr(many, "simulate", alone)
    report = Report("1-2")
    for schedule in play_quietly([1, 2], days=DAYS):
        report.add(schedule, None)
    assert [each["seed"] for each in report.violations] == [2]
    assert "KeyError" in report.violations[0]["what"][0]


def test_what_is_done_aside_is_answered_and_has_not_happened_here():
    here = []

    def act():
        here.append(1)
        return Lived(1.0, len(here), None), os.getpid()

    answer, process = aside(act)
    assert answer == Lived(1.0, 1, None)
    assert process != os.getpid()
    assert here == []


def test_what_fails_aside_is_an_error_here_and_its_reason_is_printed(capfd):
    def act():
        raise KeyError("no such visitor")

    with pytest.raises(RuntimeError, match="status 1"):
        aside(act)
    assert "no such visitor" in capfd.readouterr().err
