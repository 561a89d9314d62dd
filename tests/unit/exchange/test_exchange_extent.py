"""How far an office's books go: compared within a life, and only there."""

from dataclasses import fields, replace

import pytest

from rekam.exchange.extent import NO_EXTENT, Extent

OWN = Extent(life=10, letters=3000, installations=2, keys=4, sheets=17, packets=90, feed=40, log=7)
COUNTS = [each.name for each in fields(Extent) if each.name != "life"]


@pytest.mark.parametrize("name", COUNTS)
def test_one_count_that_goes_further_is_found_whatever_the_others_are(name):
    told = replace(Extent(life=10), **{name: getattr(OWN, name) + 1})
    assert told.beyond(OWN) == (name, getattr(OWN, name) + 1, getattr(OWN, name))
    assert OWN.beyond(OWN) is None


def test_numbers_that_must_not_come_twice_are_told_first():
    told = replace(OWN, letters=4000, packets=91, log=8)
    assert told.beyond(OWN) == ("letters", 4000, 3000)


def test_a_later_life_is_beyond_and_an_earlier_one_says_nothing():
    assert Extent(life=20).beyond(OWN) == ("life", 20, 10)
    assert Extent(life=1, letters=9_000_000).beyond(OWN) is None
    assert NO_EXTENT.beyond(OWN) is None


def test_it_travels_as_a_map_and_nothing_else_is_read():
    assert Extent.from_map(OWN.to_map()) == OWN
    for said in (None, {}, OWN.to_map() | {"more": 1}, OWN.to_map() | {"log": -1}, OWN.to_map() | {"log": "7"}):
        with pytest.raises(ValueError, match="no extent"):
            Extent.from_map(said)
