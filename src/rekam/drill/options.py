"""What a drill is asked to do: `Options`."""

from dataclasses import dataclass
from pathlib import Path

from rekam.enrolment.errors import RekamError

__all__ = ["ImpossibleDrill", "Options"]

_FEWEST_PEOPLE = 2  # one before the outage, whose card is printed in it, and one in it
_MOST_STATIONS = 50


class ImpossibleDrill(RekamError):
    """This drill cannot be run: {reason}. Nothing was started. Correct the option, then start it again."""


@dataclass(frozen=True)
class Options:
    """`people` residents and `second_recordings` further sittings of some of them under other NIKs, at `stations`
    counters; the centre is killed and kept down for `outage_s` seconds; with `samples` real images are used.
    Raises `ImpossibleDrill`.
    """

    people: int = 12
    stations: int = 2
    second_recordings: int = 3
    outage_s: float = 15.0
    samples: Path | None = None
    faults: bool = False
    seed: int = 1
    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.people < _FEWEST_PEOPLE:
            raise ImpossibleDrill(reason=f"{self.people} people asked for, at least {_FEWEST_PEOPLE} are needed")
        if not 1 <= self.stations <= _MOST_STATIONS:
            raise ImpossibleDrill(reason=f"{self.stations} stations asked for, 1 to {_MOST_STATIONS} are possible")
        if not 0 <= self.second_recordings <= self.people:
            reason = f"{self.second_recordings} second recordings asked for, of {self.people} people"
            raise ImpossibleDrill(reason=reason)
        if self.outage_s < 0:
            raise ImpossibleDrill(reason=f"an outage of {self.outage_s:g} seconds asked for")
