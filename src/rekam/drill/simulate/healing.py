"""What people put right with their hands when a country heals, and what is left to the places themselves."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.machine import Machine

__all__ = ["bring_to_stations", "put_right"]


def put_right(country: "Country") -> None:
    """Damaged packets that no place below still has sound are put back by hand; the others come back by themselves:
    the scrubber sets them aside, and who sent them offers them again.
    """
    machines = {machine.name: machine for machine in country.machines}
    for (name, path), sound in country.spoiled.items():
        machine, packet_id = machines[name], path.rpartition("/")[2]
        if packet_id in country.witness.removed and name.startswith("station"):
            continue
        if not _comes_back(country, machine, packet_id):
            machine.disk.put_back(path, sound)
            country.world.tell(f"{name} gets {packet_id[:8]} back by hand")
    country.spoiled.clear()


def bring_to_stations(country: "Country") -> None:
    """What a station found damaged, or left damaged on the disk before, is brought to it by hand: nobody above sends
    packets down.
    """
    for station in country.stations:
        for damage in station.scrub_book.damaged() if station.machine.alive else ():
            if damage.blob_id not in country.sound:
                continue  # nobody damaged it: the checks say so
            station.machine.disk.put_back(str(station.here.blobs.path(damage.blob_id)), country.sound[damage.blob_id])
            country.world.tell(f"{station.name} gets {damage.blob_id[:8]} back by hand")


def _comes_back(country: "Country", machine: "Machine", packet_id: str) -> bool:
    if machine is country.centre.machine:
        return any(sound_copies(office.machine, packet_id) for office in country.offices.values())
    if machine in [office.machine for office in country.offices.values()]:
        return any(station.owns(packet_id) for station in country.stations if sound_copies(station.machine, packet_id))
    return False


def sound_copies(machine: "Machine", packet_id: str) -> list[str]:
    """Where on its disk a machine has these very bytes under this name."""
    return [
        path
        for path, inode in machine.disk.files_now.items()
        if path.endswith(packet_id) and "/packets/" in path and hashlib.sha256(inode.data).hexdigest() == packet_id
    ]
