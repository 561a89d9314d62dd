"""A simulated country: its places, their lines, who visits them, what befalls them: `Country`."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

from rekam.drill.simulate.cast import cast
from rekam.drill.simulate.centre import CentreSite
from rekam.drill.simulate.counter import Visit
from rekam.drill.simulate.healing import bring_to_stations
from rekam.drill.simulate.hearing import Hearing
from rekam.drill.simulate.machine import Machine
from rekam.drill.simulate.network import Line
from rekam.drill.simulate.office import OfficeImage, OfficeSite
from rekam.drill.simulate.recovery import recover, setup_of
from rekam.drill.simulate.setting_back import rebuild_older, rebuild_unproved
from rekam.drill.simulate.station import StationSite
from rekam.drill.simulate.stretches import STRETCHES, VISITED
from rekam.drill.simulate.thief import Thief
from rekam.drill.simulate.witness import Witness
from rekam.drill.simulate.world import DAY, HOUR, World
from rekam.enrolment.identifiers import StationId
from rekam.station.store import Identity

__all__ = ["Country", "Makers"]

_STATIONS: Final = ("317401-01", "317402-01", "327301-01", "317401-02")
_OFFICIALS_EVERY_S: Final = 60 * HOUR
_MONTH: Final = 30.0
_TO_NOTICE: Final = 3
"""Rounds of a healed country in which an office that was put back has heard everybody."""
_PATIENCE: Final = 40
"""Rounds in which a healed country must drain."""


class Makers:
    """What the places are made of; tests put a broken part in the place of a sound one."""

    centre = CentreSite
    office = OfficeSite
    station = StationSite


class Country:
    """All of it, wired and not yet started."""

    def __init__(self, seed: int, *, days: float, makers: type[Makers] = Makers) -> None:
        self.world = world = World(f"family/{STRETCHES[0].number(seed)}", pace=max(1.0, days / _MONTH))
        self.days = days
        self.cast = cast()
        self.witness = Witness(world, self._clock_of)
        self.spoiled: dict[tuple[str, str], bytes] = {}
        self.sound: dict[str, bytes] = {}
        stations = [StationId(name) for name in _STATIONS[: world.chance.choice((3, 3, 3, 4))]]
        self.visits = world.chance.randint(50, 51)
        offices = sorted({str(name.office) for name in stations})
        self.centre = makers.centre(world, self.cast, tuple(offices), self.cast.residents[: self.visits - 1])
        self.centre.stolen = self.witness.stolen
        self.offices: dict[str, OfficeSite] = {}
        for name in offices:
            line = self._line(f"{name}>centre", self.centre)
            self.offices[name] = makers.office(world, self.cast, name, line)
        for office in self.offices.values():
            office.setup = setup_of(self.cast, office.id, stations)
        self.witness.unaware = lambda name: any(each.name == name and each.unaware for each in self.offices.values())
        self.thieves: list[Thief] = []
        self.images: dict[str, tuple[Identity, dict[str, bytes]]] = {}
        self.office_images: dict[str, OfficeImage] = {}
        self.centre.readers = [
            (f"{office.name}/relay", office.round, office.machine) for office in self.offices.values()
        ]
        self.stations = [
            makers.station(
                world, self.cast, name, self._line(f"{name}>{name.office}", self.offices[name.office]), self.witness
            )
            for name in stations
        ]

    def _line(self, name: str, far: CentreSite | OfficeSite) -> Line:
        line = Line(self.world, name, far.machine, far.remote)
        line.heard = self.hearing(far)
        return line

    def hearing(self, far: CentreSite | OfficeSite) -> Hearing:
        """What brings to the witness whatever this place acknowledges."""
        holder = self.cast.centre if far is self.centre else self.cast.offices[far.name[-4:]]
        return Hearing(self.witness, far, holder.key.public)

    def _clock_of(self, station: str) -> timedelta:
        return abs(next(place for place in self.stations if place.name == station).machine.clock.off_by)

    def let_stop(self, chance: float) -> None:
        """With this chance a place stops while it takes in what came down to it."""
        places: list[StationSite | OfficeSite] = [*self.stations, *self.offices.values()]
        for place in places:
            place.line.near, place.line.stops = place.machine, chance

    @property
    def machines(self) -> list[Machine]:
        """All of them, stations first."""
        return [place.machine for place in self.places]

    @property
    def lines(self) -> list[Line]:
        """All of them."""
        return [*(place.line for place in self.stations), *(place.line for place in self.offices.values())]

    @property
    def places(self) -> list[StationSite | OfficeSite | CentreSite]:
        """All of them, stations first."""
        return [*self.stations, *self.offices.values(), self.centre]

    def start(self) -> None:
        """Every place begins."""
        for machine in reversed(self.machines):
            machine.start()
        for station in self.stations:
            self.witness.installed(str(station.id), 1, station.identity.signing.public.to_bytes())
        self.world.recur(_OFFICIALS_EVERY_S, "officials", self._officials)

    def expect(self, begin: float, end: float) -> None:
        """Who comes in this part of the schedule, in shares of its days; as many on one day as on another. Most come
        for the first time; some come again, as themselves or under somebody else's number. The centre has a notice for
        everybody.
        """
        chance = self.world.chance
        until = min(end, VISITED)
        for number in range(round(self.visits * begin / VISITED) + 1, round(self.visits * until / VISITED) + 1):
            fate, earlier = chance.random(), chance.randrange(number)
            resident, person = number - 1, number
            if fate < 0.08:
                resident, person = earlier, earlier + 1
            elif fate < 0.16:
                person = earlier + 1
            visit = Visit(number, self.cast.residents[resident], person)
            self._later(
                chance.uniform(begin, until), f"visitor {number}", partial(chance.choice(self.stations).visit, visit)
            )
        self._later(chance.uniform(begin, end), "centre/notices", self.centre.publish)

    def _later(self, share: float, actor: str, run: Callable[[], None]) -> None:
        """At this share of the schedule's days."""
        self.world.later(share * self.days * DAY - self.world.now, actor, run)

    def drain(self) -> bool:
        """Round after round in a healthy country until nothing is left to do; False when it never ends."""
        for turn in range(_PATIENCE):
            self.world.run(self.world.now + 12 * HOUR)
            self.officials()
            if turn >= _TO_NOTICE:
                rebuild_unproved(self)
            bring_to_stations(self)
            self.centre.staff()
            for office in self.offices.values():
                office.send_now()
            for station in self.stations:
                station.send_now()
            for office in self.offices.values():
                if office.older and office.machine.alive:
                    office.look()
            if self.idle():
                return True
        return False

    def officials(self) -> None:
        """Offices that say that they were put back are rebuilt. Whoever may not record any more, or cannot, is set up
        anew with what the old disk still has.
        """
        rebuild_older(self)
        for station in self.stations:
            if station.machine.alive and station.here.past.trouble() is not None:
                recover(self, station, readable=True)

    def _officials(self) -> None:
        self.world.recur(_OFFICIALS_EVERY_S, "officials", self._officials)
        self.officials()

    def idle(self) -> bool:
        """Whether every visitor was served and everything is where it belongs."""
        served = len(self.witness.visitors) == self.visits
        older = any(office.older for office in self.offices.values())
        return served and not older and all(place.idle() for place in self.places)

    def close(self) -> None:
        """Let go of all databases."""
        for database in (self.centre.database, *(office.database for office in self.offices.values())):
            database.close()
        for station in self.stations:
            station.machine.forget()
        for thief in self.thieves:
            thief.machine.forget()
