"""Somebody with a copy of a station's disk, and its PIN, who goes on recording elsewhere: `Thief`."""

from functools import partial
from typing import TYPE_CHECKING, Any

from rekam.drill.simulate.counter import Visit
from rekam.drill.simulate.network import Line
from rekam.drill.simulate.station import StationSite
from rekam.drill.simulate.world import DAY
from rekam.station.recordings import Recording

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country

__all__ = ["Thief"]


class _Notes:
    """What a thief's screen says is nobody's promise; the witness notes which packets are the thief's."""

    def __init__(self, country: "Country") -> None:
        self._country = country
        self.visitors = country.witness.visitors

    def says_saved(self, station: str, visit: Visit, recording: Recording, *_given: Any, **_more: Any) -> None:
        del station, visit
        self._country.witness.stolen.add(recording.packet_id)

    def leaves(self, place: str, packet_id: str) -> None:
        """A thief may remove what they like."""

    def numbered(self, *_given: Any) -> None:
        """Blocks of the very installation that was copied."""

    def highest_at(self, place: str, station: str, epoch: int) -> int:
        """What a place acknowledged of the station whose disk was copied."""
        return self._country.witness.highest_at(place, station, epoch)

    def of(self, station: str) -> list[Any]:
        del station
        return []


class Thief(StationSite):
    """Records and sends under the copied key, whatever the office says, until caught."""

    def __init__(self, country: "Country", victim: StationSite) -> None:
        office = country.offices[str(victim.id.office)]
        line = Line(country.world, f"thief>{office.id}", office.machine, office.remote)
        line.heard = country.hearing(office)
        super().__init__(country.world, country.cast, victim.id, line, _Notes(country), disguise="thief")  # type: ignore[arg-type]  # takes no promise
        self.machine.disk.restore(victim.machine.disk.image())
        self.take_over(victim)
        self._caught = False
        chance = country.world.chance
        for number in range(chance.randint(1, 4)):
            person = chance.randrange(country.visits - 1)
            visit = Visit(1000 + 10 * len(country.thieves) + number, country.cast.residents[person], 500 + number)
            country.world.later(chance.uniform(0.05, 6) * DAY, "thief", partial(self.visit, visit))
        self.machine.start()

    def caught(self) -> None:
        """The copied disk is taken away."""
        self._caught = True
        self.machine.held_down = True
        self.machine.alive = False
        self.machine.forget()

    def visit(self, visit: Visit) -> None:
        if self.machine.alive:
            super().visit(visit)

    def _require(self) -> None:
        """A thief asks nobody."""
