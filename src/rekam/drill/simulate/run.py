"""One schedule from its first day until the country has healed, drained and been looked over: `simulate`."""

import gc
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from rekam.drill.simulate.checks import check_after, check_now, check_restarts
from rekam.drill.simulate.country import Country, Makers
from rekam.drill.simulate.misfortunes import Misfortunes
from rekam.drill.simulate.world import DAY, HOUR
from rekam.trust.unsafe_repeatable import unsafe_repeatable

__all__ = ["Schedule", "simulate"]

_LONG_EVERY: Final = 10
_LONG_DAYS: Final = 220.0
_LOOKS: Final = 6


@dataclass
class Schedule:
    """What one seed came to. `checks`: how many things each never's check looked at; `exercised`: how often the never
    would have happened to a product that does nothing against it; `trace`: line by line.
    """

    seed: int
    days: float
    stations: int
    recordings: int
    faults: Counter[str] = field(default_factory=Counter)
    checks: Counter[int] = field(default_factory=Counter)
    exercised: Counter[int] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)


def simulate(seed: int, *, days: float = 30.0, makers: type[Makers] = Makers, healthy: bool = False) -> Schedule:
    """Run one seed. Every tenth schedule is long, so that the centre may be away for half a year.

    `healthy`: without misfortunes. Whatever the product raises in a place that must not end it is a violation, too.
    """
    length = max(days, _LONG_DAYS) if seed % _LONG_EVERY == 0 else days
    country = Country(seed, days=length, makers=makers)
    found = Schedule(seed, length, len(country.stations), 0, country.world.faults, exercised=country.world.exercised)
    gc.disable()  # thousands of small objects that die together
    try:
        with unsafe_repeatable(country.world.draw):
            _play(country, found, healthy=healthy)
    finally:
        country.close()
        gc.enable()
    found.recordings = len(country.witness.saved)
    found.violations, found.trace = country.world.violations, country.world.trace
    return found


def _play(country: Country, found: Schedule, *, healthy: bool) -> None:
    world, misfortunes = country.world, Misfortunes(country)
    check_restarts(country, found.checks)
    country.start()
    if not healthy:
        misfortunes.plan(country.days)
    for look in range(_LOOKS):
        world.run(country.days * DAY * (look + 1) / _LOOKS)
        check_now(country, found.checks)
    if not healthy:
        misfortunes.top_up()
    misfortunes.heal()
    world.tell("the country is healed")
    world.run(world.now + 2 * HOUR)
    misfortunes.heal()
    if not country.drain():
        world.violated(20, "the healed country does not drain")
    check_now(country, found.checks)
    check_after(country, found.checks)
