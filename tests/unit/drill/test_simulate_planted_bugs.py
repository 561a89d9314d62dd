"""A checker that cannot fail proves nothing: ten bugs, each planted in one part, and the seeds that find them."""

import logging
from functools import cache

import pytest
import structlog

from planted_bugs import BUGS
from rekam.drill.simulate import run
from rekam.drill.simulate.country import Makers
from rekam.drill.simulate.misfortunes import Misfortunes
from rekam.drill.simulate.run import simulate

WITHIN = 60
"""Seeds that are tried, the first that finds a bug ends the search: most bugs need one to ten. Any change of the product
gives every seed another country, so that no bug has its own seed for long."""
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
def violations(seed, bug=None, misfortunes=Misfortunes):
    with pytest.MonkeyPatch.context() as country:
        country.setattr(run, "Misfortunes", misfortunes)
        return simulate(seed, makers=BUGS[bug] if bug else Makers).violations


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_and_the_seed_that_finds_it_is_clean_without_it(bug):
    befalls = ThievesWithSticks if bug == BEHIND_A_FENCE else Misfortunes
    found = next((seed for seed in range(1, WITHIN + 1) if violations(seed, bug, befalls)), None)
    assert found is not None
    assert any(told.startswith(SAYS[bug]) for told in violations(found, bug, befalls))
    assert violations(found, misfortunes=befalls) == []
