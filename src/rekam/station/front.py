"""What the pages and the API of a station stand on: `Front`."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from rekam.station.held_forms import HeldForms
from rekam.station.lately import Lately
from rekam.station.resident_desk import ResidentDesk
from rekam.station.sessions import Sessions
from rekam.station.station import Station
from rekam.station.under_way import UnderWay
from rekam.trust.clock import Clock
from rekam.web.searches import Searches

__all__ = ["STAFF", "Front"]

STAFF: Final = frozenset({"operator", "supervisor"})
"""The roles of everybody who signs in at a station, for entries of the menu."""


@dataclass(frozen=True)
class Front:
    """The station and who is signed in at its screens; `lately`, `searches`, `held` and `under_way` are what those
    screens remember and wait for, gone with the process.
    """

    station: Station
    sessions: Sessions
    clock: Clock
    lately: Lately = field(default_factory=Lately)
    searches: Searches = field(default_factory=Searches)
    held: HeldForms = field(default_factory=HeldForms)

    @cached_property
    def resident(self) -> ResidentDesk:
        """What the residents' own screens show."""
        return ResidentDesk(self.clock)

    @cached_property
    def under_way(self) -> UnderWay:
        """The captures that are going on now."""
        return UnderWay(self.lately, self.clock)
