"""Schedules from their first day until the country has healed, drained and been looked over: `simulate`, `play`."""

import gc
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from traceback import format_exception
from typing import Final

from rekam.drill.simulate.aside import aside
from rekam.drill.simulate.checks import check_after, check_now, check_restarts
from rekam.drill.simulate.country import Country, Makers
from rekam.drill.simulate.misfortunes import Misfortunes
from rekam.drill.simulate.stretches import STRETCHES, Stretch, days_of, shared
from rekam.drill.simulate.world import DAY, HOUR
from rekam.storage.unfinished import names_of_one_process
from rekam.trust.unsafe_repeatable import unsafe_repeatable

__all__ = ["Lived", "Schedule", "broken_off", "play", "simulate"]

_LOOKS: Final = 6
_OFFICE_BACK_EVERY: Final = 3


@dataclass
class Lived:
    """How far a country has come."""

    days: float
    recordings: int
    faults: Counter[str]


@dataclass
class Schedule:
    """What one seed came to. `after`: how far its country had come at the end of each stretch but the last; `checks`:
    how many things each never's check looked at; `exercised`: how often the never would have happened to a product that
    does nothing against it; `trace`: line by line.
    """

    seed: int
    stations: int
    lived: Lived
    after: tuple[Lived, ...]
    checks: Counter[int]
    exercised: Counter[int]
    violations: list[str]
    trace: list[str]


def broken_off(seed: int, error: Exception) -> Schedule:
    """A schedule that the simulation itself could not bring to its end, which nobody may take for a sound one."""
    nothing = Lived(0.0, 0, Counter())
    told = f"the simulation broke off: {type(error).__name__}: {error}"
    return Schedule(
        seed, 0, nothing, (nothing,) * (len(STRETCHES) - 1), Counter(), Counter(), [told], format_exception(error)
    )


def simulate(seed: int, *, days: float = 30.0, makers: type[Makers] = Makers) -> Schedule:
    """Run one seed. Whatever the product raises in a place that must not end it is a violation, too."""
    [schedule] = play([seed], days=days, makers=makers)
    return schedule


def play(seeds: Sequence[int], *, days: float = 30.0, makers: type[Makers] = Makers) -> list[Schedule]:
    """Run seeds, in their order, that are one country at first, which lives what they share once: the same schedules,
    to the byte, as each alone. Several need a process without threads: all but the last go on in copies of it.
    """
    first = seeds[0]
    if not all(shared(first, seed) for seed in seeds):
        raise ValueError(f"seeds of several families: {seeds}")
    country = Country(first, days=days_of(first, days), makers=makers)
    gc.disable()  # thousands of small objects that die together
    try:
        with unsafe_repeatable(country.world.draw), names_of_one_process():
            return _Story(country).go_on(seeds, STRETCHES)
    finally:
        country.close()
        gc.enable()


class _Story:
    """A country on its way. Each call is made once: there is one way on from here, and copies for all others."""

    def __init__(self, country: Country) -> None:
        self._country, self._world = country, country.world
        self._misfortunes, self._checks = Misfortunes(country), Counter[int]()
        self._after: tuple[Lived, ...] = ()
        check_restarts(country, self._checks)
        country.start()
        self._misfortunes.begin()

    def go_on(self, seeds: Sequence[int], stretches: Sequence[Stretch]) -> list[Schedule]:
        """Live the stretches that are left, as these seeds have them, each in a country of its own."""
        if not stretches:
            return [self._end(seed) for seed in seeds]
        next_, *then = stretches
        *others, last = [[*together] for _, together in groupby(seeds, next_.number)]
        told = [each for some in others for each in aside(partial(self._live, some, next_, then))]
        return told + self._live(last, next_, then)

    def _live(self, seeds: list[int], stretch: Stretch, then: list[Stretch]) -> list[Schedule]:
        """A stretch has visitors and misfortunes of its own."""
        number = stretch.number(seeds[0])
        self._world.part(f"{stretch.seeds}/{number}")
        self._country.expect(stretch.begin, stretch.end)
        self._misfortunes.plan(stretch.begin, stretch.end, office_put_back=number % _OFFICE_BACK_EVERY == 0)
        for look in range(1, _LOOKS + 1):
            at = look / _LOOKS
            if stretch.begin < at <= stretch.end:
                self._world.run(self._country.days * DAY * at)
                check_now(self._country, self._checks)
        if then:
            self._after += (self._lived(stretch.end),)
        return self.go_on(seeds, then)

    def _lived(self, share: float) -> Lived:
        return Lived(self._country.days * share, len(self._country.witness.saved), Counter(self._world.faults))

    def _end(self, seed: int) -> Schedule:
        """The country heals, drains and is looked over."""
        country, world, checks = self._country, self._world, self._checks
        self._misfortunes.top_up()
        self._misfortunes.heal()
        world.tell("the country is healed")
        world.run(world.now + 2 * HOUR)
        self._misfortunes.heal()
        if not country.drain():
            world.violated(20, "the healed country does not drain")
        check_now(country, checks)
        check_after(country, checks)
        told = checks, world.exercised, world.violations, world.trace
        return Schedule(seed, len(country.stations), self._lived(1.0), self._after, *told)
