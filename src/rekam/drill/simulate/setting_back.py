"""An office's server is put back to an older image, notices by itself and is rebuilt: `set_back`, `rebuild_older`."""

from functools import partial
from typing import TYPE_CHECKING

from rekam.drill.simulate.world import HOUR

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.office import OfficeSite

__all__ = ["rebuild_older", "rebuild_unproved", "set_back"]


def set_back(country: "Country", office: "OfficeSite") -> None:
    """Somebody brings last week's backup back, database and packets together, and starts it. It serves as if nothing
    had been until the centre or a station tells it its own word.
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
    """Officials read on their pages that their office is older than its word, and rebuild it over the image."""
    for office in country.offices.values():
        if _can(country, office) and office.noticed:
            office.rebuild()


def rebuild_unproved(country: "Country") -> None:
    """Who knows that a server was put back rebuilds it though nobody holds a proof. Where somebody does, and nothing
    was in the way for days, the office should have noticed.
    """
    for office in country.offices.values():
        if not (office.older and _can(country, office)):
            continue
        if not office.noticed and (holder := _holder(country, office)):
            country.world.violated(5, f"{office.name} is older than its word, which {holder} holds, and did not notice")
        office.rebuild()


def _can(country: "Country", office: "OfficeSite") -> bool:
    return office.machine.alive and country.centre.machine.alive and not office.line.cut


def _holder(country: "Country", office: "OfficeSite") -> str | None:
    """Who holds this office's own word on more than its books have."""
    with country.world.standstill():
        own = office.office.past.extent()
        last = country.centre.centre.witnesses.newest_of(office.id)
        if last is not None and last.size > own.log:
            return "the centre"
        for station in country.stations:
            if station.id.office == office.id and station.machine.alive and station.here.past.furthest.beyond(own):
                return station.name
    return None
