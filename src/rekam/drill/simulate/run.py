"""One simulated country from its first day until it has healed and drained: `simulate`."""

from functools import partial
from typing import Final

from rekam.drill.simulate.cast import cast
from rekam.drill.simulate.centre import CentreSite
from rekam.drill.simulate.counter import Visit
from rekam.drill.simulate.network import Line
from rekam.drill.simulate.office import OfficeSite
from rekam.drill.simulate.station import StationSite
from rekam.drill.simulate.witness import Witness
from rekam.drill.simulate.world import DAY, World
from rekam.enrolment.identifiers import StationId
from rekam.trust.unsafe_repeatable import unsafe_repeatable

__all__ = ["Country", "simulate"]

STATIONS: Final = ("317401-01", "317402-01", "317401-02", "327301-01")


class Country:
    """All places, wired."""

    def __init__(self, seed: int, *, stations: int = 3, visits: int = 52, days: float = 30.0) -> None:
        self.world = world = World(seed)
        self.cast = cast()
        self.witness = Witness(world)
        self.days = days
        names = [StationId(name) for name in STATIONS[:stations]]
        offices = sorted({str(name.office) for name in names})
        people = self.cast.residents[: visits + 4]
        self.centre = CentreSite(world, self.cast, tuple(offices), people)
        self.offices: dict[str, OfficeSite] = {}
        for name in offices:
            line = Line(world, f"{name}>centre", self.centre.machine, self.centre.remote)
            self.offices[name] = OfficeSite(world, self.cast, name, line)
        self.stations = []
        for station in names:
            office = self.offices[station.office]
            line = Line(world, f"{station}>{office.id}", office.machine, office.remote)
            self.stations.append(StationSite(world, self.cast, station, line, self.witness))
        self.visits = visits

    def start(self) -> None:
        self.centre.machine.start()
        for office in self.offices.values():
            office.machine.start()
        for station in self.stations:
            station.machine.start()
        for number in range(1, self.visits + 1):
            visit = Visit(number, self.cast.residents[number - 1], number)
            station = self.world.chance.choice(self.stations)
            at = self.world.chance.uniform(0, self.days * DAY * 0.9)
            self.world.later(at, f"visitor {number}", partial(station.visit, visit))

    def close(self) -> None:
        """Let go of all databases."""
        for database in (self.centre.database, *(office.database for office in self.offices.values())):
            database.close()
        for station in self.stations:
            station.machine.forget()


def simulate(seed: int) -> Country:
    country = Country(seed)
    with unsafe_repeatable(country.world.draw):
        country.start()
        country.world.run(country.days * DAY)
    return country
