"""When a drill is good: nothing lost, doubled, missed or falsely accused, and no service stopped in the outage."""

from dataclasses import replace

import pytest

from rekam.drill.outcome import Outcome

GOOD = Outcome(
    recorded=4,
    recorded_in_outage=2,
    checks_in_outage=2,
    proofs_in_outage=2,
    sukets_in_outage=2,
    cards_in_outage=1,
    seconds=12.345,
)


def test_a_good_drill_ends_with_zero():
    assert GOOD.exit_code == 0


@pytest.mark.parametrize("name", ["lost", "double_counted", "missed_duplicates", "false_duplicates"])
def test_one_of_these_is_enough_for_one(name):
    assert replace(GOOD, **{name: 1}).exit_code == 1


@pytest.mark.parametrize("service", ["recorded", "checks", "proofs", "sukets", "cards"])
def test_a_service_that_stood_still_in_the_outage_is_enough_for_one(service):
    assert replace(GOOD, **{f"{service}_in_outage": 0}).exit_code == 1


def test_a_problem_in_words_is_enough_for_one():
    assert replace(GOOD, problems=["3 of 9 first recordings went to experts"]).exit_code == 1


def test_the_fields_are_those_that_readers_of_the_json_know():
    told = GOOD.to_map()
    assert told["seconds"] == 12.3
    assert set(told) >= {
        *("recorded", "second_recordings", "backed_up", "received", "unique", "duplicates_at_counter"),
        *("duplicates_at_centre", "adjudicated", "print_ready", "proofs", "sukets", "cards", "recorded_in_outage"),
        *("checks_in_outage", "proofs_in_outage", "sukets_in_outage", "cards_in_outage", "lost", "double_counted"),
        *("false_duplicates", "missed_duplicates", "seconds"),
    }
