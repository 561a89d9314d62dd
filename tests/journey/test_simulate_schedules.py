"""Many countries, each from its own seed, through everything that can go wrong: none of the twenty nevers happens."""

from simulated_countries import EACH, assert_worth_the_name, simulated


def test_many_countries_survive_everything_and_none_of_the_nevers_happens():
    assert_worth_the_name(simulated(1, EACH), EACH)
