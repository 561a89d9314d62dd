"""The twenty nevers and where each is looked at: `AFTER`, `NOW`, `AT_ONCE`, `ELSEWHERE`."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rekam.drill.simulate.checks import accounts, bytes_at_rest, centre, chains, exchange, fences, log, station

if TYPE_CHECKING:
    from rekam.drill.simulate.centre import CentreSite
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.office import OfficeSite

__all__ = ["AFTER", "AT_ONCE", "ELSEWHERE", "NOW", "check_after", "check_now", "check_restarts"]

Check = Callable[["Country"], int]
"""Says what is wrong to the country's world; returns how many things it looked at."""

NOW: Final[tuple[tuple[int, Check], ...]] = (
    (1, station.everything_said),
    (2, exchange.everything_acknowledged),
    (6, chains.every_gap_and_fork_told),
    (10, centre.adds_up),
    (20, centre.nothing_sits),
)
"""Asked again and again while misfortunes go on; places that are down are passed over."""

AFTER: Final[tuple[tuple[int, Check], ...]] = (
    (2, log.log_bears_out),
    (2, exchange.lost_is_found),
    (4, centre.once),
    (5, station.own_numbers),
    (6, chains.no_gap_without_a_reason),
    (7, bytes_at_rest.as_sealed),
    (8, exchange.nothing_twice),
    (9, exchange.good_ones_went_through),
    (10, accounts.accounts_close),
    (11, centre.effects_with_transitions),
    (12, centre.one_commit_a_stage),
    (13, exchange.feed_told_everything),
    (14, station.order_of_time),
    (15, station.served_at_last),
    (16, bytes_at_rest.nothing_readable),
    (17, station.known_people_warn),
    (18, exchange.newest_notice),
    (19, centre.two_impartial_experts),
    (20, fences.nobody_from_behind_a_fence_unnoticed),
)
"""Asked once the country has drained."""

AT_ONCE: Final = frozenset({3})
"""Said by the witness in the very moment; counted here by what it looked at."""

ELSEWHERE: Final[Mapping[int, str]] = MappingProxyType(
    {
        16: "logs, USB and swap: tests/faults/test_faults_plaintext.py; here only what lies on simulated disks",
        17: "the national filter's own bits: test_exchange_filter.py, test_exchange_fuse.py; here what the feed told",
    }
)
"""What of a never the simulator does not reach, and where it is tested instead."""


def check_now(country: "Country", counts: Counter[int]) -> None:
    """While it lives."""
    _ask(NOW, country, counts)


def check_restarts(country: "Country", counts: Counter[int]) -> None:
    """1 and 2 of each place whenever it has started again: what it said must be there before anybody mends anything."""

    def look(never: int, check: Callable[[], int]) -> None:
        with country.world.standstill():
            counts[never] += check()

    for site in country.stations:
        site.machine.started = partial(look, 1, partial(station.all_it_said, country, site))
    places: list[OfficeSite | CentreSite] = [*country.offices.values(), country.centre]
    for place in places:
        place.machine.started = partial(look, 2, partial(exchange.all_it_acknowledged, country, place))


def check_after(country: "Country", counts: Counter[int]) -> None:
    """Once it has drained."""
    _ask(AFTER, country, counts)
    counts[3] += country.witness.looked


def _ask(checks: Iterable[tuple[int, Check]], country: "Country", counts: Counter[int]) -> None:
    with country.world.standstill():
        for never, check in checks:
            counts[never] += check(country)
