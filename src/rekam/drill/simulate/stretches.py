"""Which days schedules have in common: `STRETCHES` (docs/adr/0058-families-of-schedules.md)."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

__all__ = ["FAMILY", "STRETCHES", "VISITED", "Stretch", "days_of", "families", "shared"]

VISITED: Final = 0.9
"""After this share of a schedule's days nobody new comes to a counter, and nothing more befalls the country."""
_LONG_EVERY: Final = 10
_LONG_DAYS: Final = 220.0


@dataclass(frozen=True)
class Stretch:
    """From `begin` to `end`, in shares of a schedule's days, so many seeds that follow one another are one country."""

    begin: float
    end: float
    seeds: int

    def number(self, seed: int) -> int:
        """Which of these stretches the seed's is: the same for all that share it."""
        return (seed - 1) // self.seeds


STRETCHES: Final = (Stretch(0.0, 2 / 3, 20), Stretch(2 / 3, 5 / 6, 5), Stretch(5 / 6, 1.0, 1))
FAMILY: Final = STRETCHES[0].seeds
"""Seeds that begin as one country: 1 to 20, 21 to 40, ..."""


def days_of(seed: int, usual: float) -> float:
    """How long a schedule lasts: in every tenth family so long that the centre may be away for half a year."""
    return max(usual, _LONG_DAYS) if STRETCHES[0].number(seed) % _LONG_EVERY == _LONG_EVERY - 1 else usual


def families(first: int, last: int) -> list[range]:
    """The seeds from `first` to `last`, both included, family by family."""
    begins = range(STRETCHES[0].number(first) * FAMILY + 1, last + FAMILY + 1, FAMILY)
    return [range(max(first, begin), min(last + 1, end)) for begin, end in pairwise(begins)]


def shared(seed: int, other: int) -> int:
    """How many stretches two schedules have in common."""
    return sum(stretch.number(seed) == stretch.number(other) for stretch in STRETCHES)
