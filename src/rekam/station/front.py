"""What the pages and the API of a station stand on: `Front`."""

from dataclasses import dataclass, field
from typing import Final

from rekam.station.lately import Lately
from rekam.station.searches import Searches
from rekam.station.sessions import Sessions
from rekam.station.station import Station
from rekam.trust.clock import Clock

__all__ = ["STAFF", "Front"]

STAFF: Final = frozenset({"operator", "supervisor"})
"""The roles of everybody who signs in at a station, for entries of the menu."""


@dataclass(frozen=True)
class Front:
    """The station and who is signed in at its screens; `lately` and `searches` are what those screens remember, gone
    with the process.
    """

    station: Station
    sessions: Sessions
    clock: Clock
    lately: Lately = field(default_factory=Lately)
    searches: Searches = field(default_factory=Searches)
