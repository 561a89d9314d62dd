"""An office's server is put back to an older image, and rebuilt by those who notice: `set_back`, `rebuild_older`."""

from functools import partial
from typing import TYPE_CHECKING

from rekam.drill.simulate.world import HOUR

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.office import OfficeSite

__all__ = ["rebuild_older", "set_back"]


def set_back(country: "Country", office: "OfficeSite") -> None:
    """Somebody brings last week's backup back, database and packets together, and starts it. It serves as if nothing
    had been until an official notices.
    """
    image = country.office_images.get(office.id)
    if image is None or not office.machine.alive:
        return
    world, witness = country.world, country.witness
    world.fault("office set back", office.name)
    world.exercise(5, 13)
    office.set_back(image)
    with world.standstill():
        held = set(office.inbox.receipts([packet for place, packet in witness.acknowledged if place == office.name]))
    for said in witness.put_back(office.name, held):
        nowhere = said.forgotten and not any(station.owns(said.packet_id) for station in country.stations)
        if nowhere and witness.gone_with(said):
            station = next(each for each in country.stations if each.name == said.station)
            world.tell(f"{said.number} is gone with {office.name}; visitor {said.visit.number} comes again")
            world.later(HOUR, f"visitor {said.visit.number}", partial(station.visit, said.visit))
    world.later(world.chance.uniform(0.1, 60) * HOUR, "officials", partial(rebuild_older, country))


def rebuild_older(country: "Country") -> None:
    """Whoever finds an office that is older than its stations rebuilds it over what the image has."""
    for office in country.offices.values():
        if office.older and office.machine.alive and country.centre.machine.alive and not office.line.cut:
            office.rebuild()
