"""The other half of the schedules, in a file of its own: another worker of the test run takes it."""

from simulated_countries import EACH, assert_worth_the_name, simulated


def test_as_many_other_countries_survive_everything_and_none_of_the_nevers_happens():
    assert_worth_the_name(simulated(EACH + 1, 2 * EACH), EACH)
