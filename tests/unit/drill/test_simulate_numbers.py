"""What the simulator's witness says of numbers of letters that an office gave, and when it excuses the office."""

from datetime import timedelta

import pytest

from rekam.drill.simulate.witness import Witness
from rekam.drill.simulate.world import World
from rekam.exchange.letters import Block

OFFICE, ONE, OTHER = "office-3174", "317401-01", "317401-02"
FIRST = Block(2017, 1, 1000)


@pytest.fixture
def witness():
    made = Witness(World(1), lambda _station: timedelta())
    made.numbered(ONE, 1, OFFICE, (FIRST, Block(2017, 1001, 2000)))
    return made


@pytest.mark.parametrize("block", [FIRST, Block(2017, 900, 1900), Block(2017, 2000, 2000)])
@pytest.mark.parametrize("owner", [(OTHER, 1), (ONE, 2)])
def test_a_number_that_another_installation_has_is_told(witness, owner, block):
    witness.numbered(*owner, OFFICE, (block,))
    assert [each.split(":")[0] for each in witness.world.violations] == ["never 5"]


def test_the_same_again_another_year_another_office_and_what_follows_are_well(witness):
    witness.numbered(ONE, 1, OFFICE, (FIRST,))
    witness.numbered(OTHER, 1, OFFICE, (Block(2018, 1, 1000), Block(2017, 2001, 3000)))
    witness.numbered("327301-01", 1, "office-3273", (FIRST,))
    assert witness.world.violations == []


def test_an_office_that_cannot_know_yet_is_excused_once_and_not_when_it_knows(witness):
    witness.unaware = lambda office: office == OFFICE
    witness.numbered(OTHER, 1, OFFICE, (FIRST,))
    assert witness.world.violations == []
    assert "it cannot know yet" in witness.world.trace[-1]
    witness.unaware = lambda _office: False
    witness.numbered(OTHER, 1, OFFICE, (FIRST,))
    assert witness.world.violations == [], "told again, it is not given again"
    witness.numbered(OTHER, 2, OFFICE, (FIRST,))
    assert len(witness.world.violations) == 1
