"""A checker that cannot fail proves nothing: ten bugs, each planted in one part, and the seeds that find them."""

import logging
from functools import cache

import pytest
import structlog

from planted_bugs import BUGS
from rekam.drill.simulate import run
from rekam.drill.simulate.country import Makers
from rekam.drill.simulate.misfortunes import Misfortunes
from rekam.drill.simulate.run import play
from rekam.drill.simulate.stretches import FAMILY

TRIED = [range(first, first + 5) for first in range(1, 30 * FAMILY, FAMILY)]
"""The first seeds of thirty families; the first of these that find a bug end the search. Any change of the product gives
every seed another country, so that no bug has its own seed for long."""
BEHIND_A_FENCE = "fence on a withdrawn key ignored"
SAYS = {
    "acknowledgement before fsync": ("never 2:", "never 7:"),
    "purge on custody receipt": ("never 3:",),
    "feed read by id": ("never 13:", "never 18:"),
    "fencing token ignored": ("never 11:", "never 12:", "never 4:"),
    "cursor outside the transaction": ("never 13:", "never 18:"),
    "own past ignored after a restore": ("never 5:",),
    BEHIND_A_FENCE: ("never 20:",),
    "fork not shown": ("never 6:",),
    "older image started as it is": ("never 2:",),
    "own word not heard after being put back": ("never 5:",),
}
"""Any of these is the right alarm."""


class ThievesWithSticks(Misfortunes):
    """A key's fence is tried by whom no line lets in any more and who brings a stick: one country in forty has that."""

    def __init__(self, country):
        super().__init__(country)
        self.kinds = (*self.kinds, (6, self._thief), (24, self._courier))


@pytest.fixture(autouse=True)
def quiet():
    """Places log their misfortunes; thousands of them."""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(wrapper_class=before)


@cache
def violations(seeds, bug=None, misfortunes=Misfortunes):
    with pytest.MonkeyPatch.context() as country:
        country.setattr(run, "Misfortunes", misfortunes)
        return [schedule.violations for schedule in play(seeds, makers=BUGS[bug] if bug else Makers)]


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_and_the_seed_that_finds_it_is_clean_without_it(bug):
    befalls = ThievesWithSticks if bug == BEHIND_A_FENCE else Misfortunes
    found = next((seeds for seeds in TRIED if any(violations(seeds, bug, befalls))), None)
    assert found is not None
    told = [each for schedule in violations(found, bug, befalls) for each in schedule]
    assert any(each.startswith(SAYS[bug]) for each in told)
    assert not any(violations(found, misfortunes=befalls))
