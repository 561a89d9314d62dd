"""Outside all places: what each screen said, and what each place acknowledged: `Witness`."""

from dataclasses import dataclass

from rekam.drill.simulate.counter import Visit
from rekam.drill.simulate.world import World
from rekam.station.recordings import Recording
from rekam.station.station import Opened
from rekam.trust.clock import Clock

__all__ = ["Saved", "Witness"]


@dataclass
class Saved:
    """One "saved". `gone`: the only copy was destroyed with its disk, which no software can mend."""

    station: str
    packet_id: str
    number: str
    visit: Visit
    at: float
    size: int
    gone: bool = False


class Witness:
    """Notes, and compares when a machine comes back."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.saved_by_packet: dict[str, Saved] = {}
        self.by_number: dict[str, str] = {}
        self.checked = 0

    def saved(self, station: str, visit: Visit, recording: Recording, here: Opened) -> None:
        """A screen said "saved"."""
        del here
        said = Saved(station, recording.packet_id, recording.number, visit, self.world.now, recording.size)
        self.saved_by_packet.setdefault(recording.packet_id, said)

    def back(self, station: str, here: Opened, clock: Clock) -> None:
        """A station has come back: everything it said must be there (never 1)."""
        del clock
        for said in self.saved_by_packet.values():
            if said.station != station or said.gone:
                continue
            self.checked += 1
            if here.recordings.of_sitting(said.visit.sitting_id) is None:
                self.world.violated(1, f"{station} said saved {said.number} and has forgotten it")
