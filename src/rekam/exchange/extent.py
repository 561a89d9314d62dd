"""How far an office's own books go, in its signed word to its stations, which hand it back: `Extent`.

An image of last week does not know what was given out since. Its stations hold the office's own signature on more than
that (docs/adr/0056).
"""

from dataclasses import dataclass, fields
from typing import Any, Final, Self

__all__ = ["NO_EXTENT", "Extent"]


@dataclass(frozen=True)
class Extent:
    """`life`: what new installations are numbered from since the office was last rebuilt, 1 before; words of an earlier
    life say nothing about a later one. Within a life no count goes back: `letters` numbers given, `installations` and
    operators' `keys` certified, `sheets` the last line of the blank ledger, `packets` the last arrival, `feed` the last
    entry from the centre, `log` the largest size of the public log that it cosigned.
    """

    life: int = 0
    letters: int = 0
    installations: int = 0
    keys: int = 0
    sheets: int = 0
    packets: int = 0
    feed: int = 0
    log: int = 0

    def to_map(self) -> dict[str, int]:
        """By name."""
        return dict(vars(self))

    @classmethod
    def from_map(cls, said: Any) -> Self:
        """Raises ValueError."""
        if not isinstance(said, dict) or set(said) != _NAMES or any(type(n) is not int or n < 0 for n in said.values()):
            raise ValueError("no extent")
        return cls(**said)

    @property
    def numbers(self) -> tuple[int, ...]:
        """What must not come twice: a station keeps a word that goes further here before anything else."""
        return self.life, self.letters, self.installations, self.keys, self.sheets

    def beyond(self, other: "Extent") -> tuple[str, int, int] | None:
        """What goes further here than in `other` though it cannot: its name, how far here, how far there."""
        if self.life != other.life:
            return ("life", self.life, other.life) if self.life > other.life else None
        there = other.to_map()
        return next(((name, n, there[name]) for name, n in self.to_map().items() if n > there[name]), None)


NO_EXTENT: Final = Extent()
"""Goes further than nothing."""
_NAMES: Final = frozenset(each.name for each in fields(Extent))
