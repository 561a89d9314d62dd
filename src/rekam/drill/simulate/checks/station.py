"""What stations must never do: forget what they said, reuse a number, believe their clock, lose work to a full disk."""

from itertools import pairwise
from typing import TYPE_CHECKING

from rekam.drill.simulate.checks.exchange import known_damaged
from rekam.enrolment.identifiers import PacketNumber

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.station import StationSite

__all__ = ["all_it_said", "everything_said", "known_people_warn", "order_of_time", "own_numbers", "served_at_last"]


def everything_said(country: "Country") -> int:
    """1: what a screen called saved is in the store, and its packet on the disk unless it was purged."""
    return sum(all_it_said(country, place) for place in country.stations if place.machine.alive)


def all_it_said(country: "Country", place: "StationSite") -> int:
    """1, of one station."""
    held = dict(place.here.store.rows("SELECT sitting_id, packet_id FROM recording"))
    damaged, told = known_damaged(place), country.witness.of(place.machine.name)
    for said in told:
        if held.get(said.visit.sitting_id) != said.packet_id:
            country.world.violated(1, f"{said.station} said saved {said.number} and does not know it")
        elif not (said.packet_id in country.witness.removed or place.has(said.packet_id) or said.packet_id in damaged):
            country.world.violated(1, f"{said.station} said saved {said.number} and has no packet")
    return len(told)


def own_numbers(country: "Country") -> int:
    """5: every number once, and numbers without a gap in the order of saving."""
    looked = 0
    for place in country.stations:
        rows = place.here.store.rows("SELECT number, sequence FROM recording ORDER BY rowid")
        epoch = f"/{place.identity.epoch}/"
        numbers = [sequence for number, sequence in rows if epoch in number]
        looked += len(numbers)
        if numbers != list(range(1, len(numbers) + 1)):
            country.world.violated(5, f"{place.machine.name} numbered {numbers}")
    return looked


def order_of_time(country: "Country") -> int:
    """14: whatever the clock said, later recordings have higher numbers."""
    looked = 0
    for place in country.stations:
        told = [said for said in country.witness.of(place.machine.name) if not said.again]
        said = sorted(told, key=lambda each: each.at)
        for before, after in pairwise(said):
            looked += 1
            if PacketNumber.parse(before.number) >= PacketNumber.parse(after.number):
                country.world.violated(14, f"{after.number} was saved after {before.number}")
    return looked


def served_at_last(country: "Country") -> int:
    """15: who was refused because a disk was full came again and was recorded; nobody's sitting was lost."""
    for number in range(1, country.visits + 1):
        if number not in country.witness.visitors:
            country.world.violated(15, f"visitor {number} was never recorded")
    return country.visits


def known_people_warn(country: "Country") -> int:
    """17: a station never says "not recorded" of somebody of whom the feed told it."""
    looked = 0
    for place in country.stations:
        told = {said.visit.biodata.nik for said in country.witness.of(place.machine.name)}
        for nik in sorted(told)[:5]:
            looked += 1
            country.world.exercise(17)
            if not place.here.check.ask(nik).answer.warns:
                country.world.violated(17, f"{place.machine.name} does not know whom it recorded itself")
    return looked
