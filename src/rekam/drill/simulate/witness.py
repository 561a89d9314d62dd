"""Outside all places: what each screen said, what each place acknowledged, what left a disk: `Witness`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from rekam.drill.simulate.counter import Visit
from rekam.drill.simulate.world import World
from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.letters import Block
from rekam.station.recordings import Recording
from rekam.trust.clock import LegalTime, TimeBasis

__all__ = ["Saved", "Witness"]

_ROUNDING: Final = timedelta(milliseconds=2)
"""Signed times are whole milliseconds."""
_WRONG: Final = timedelta(hours=1)


@dataclass
class Saved:
    """One "saved". `forgotten`: its station was set back or set up anew since, and cannot know it; `gone`: the only
    copy was destroyed with that disk, which no software can mend.
    """

    station: str
    packet_id: str
    number: str
    visit: Visit
    at: float
    size: int
    again: bool
    gone: bool = False
    forgotten: bool = False


class Witness:
    """Notes; the checks compare. What is wrong at the very moment is said at once. `clock_of` tells by how much a
    station's clock is wrong.
    """

    def __init__(self, world: World, clock_of: Callable[[str], timedelta]) -> None:
        self.world, self._clock_of = world, clock_of
        self.saved: dict[str, Saved] = {}
        self.visitors: dict[int, str] = {}
        self.acknowledged: dict[tuple[str, str], bytes] = {}
        self.owed: set[tuple[str, str]] = set()
        """What a place acknowledged and cannot know since its disk was put back: it must know it again in the end."""
        self._highest: dict[tuple[str, str, int], int] = {}
        self.removed: dict[str, str] = {}
        self.looked = 0
        self.troubled: set[tuple[str, int]] = set()
        self.stolen: set[str] = set()
        self._installed: dict[tuple[str, int], bytes] = {}
        self._lettered: dict[tuple[str, Block], set[tuple[str, int]]] = {}
        self.unaware: Callable[[str], bool] = lambda _office: False
        """Whether an office serves from an older image and cannot know it yet."""

    def says_saved(
        self, station: str, visit: Visit, recording: Recording, legal: LegalTime, *, again: bool, heard: int
    ) -> None:
        """A screen said "saved"; `again`: of something that was durable before, and nobody could be told; `heard`: the
        highest number of its own that the station's office told it of since it was started.
        """
        packet_id, number = recording.packet_id, recording.number
        twin = next((said for said in self.saved.values() if said.number == number and not said.gone), None)
        chain = PacketNumber.parse(number)
        excused = (str(chain.station), chain.epoch) in self.troubled and chain.sequence > heard
        if twin is not None and twin.packet_id != packet_id and not excused:
            self.world.violated(5, f"{number} names two recordings of {station}")
        first = self.visitors.setdefault(visit.number, packet_id)
        if first != packet_id:
            self.world.violated(8, f"visitor {visit.number} was recorded twice by one sitting")
        if legal.basis is TimeBasis.CENTRE and legal.at > self.world.time + _ROUNDING:
            self.world.violated(14, f"{station} dates {number} into the future")
        if self._clock_of(station) > _WRONG:
            self.world.exercise(14)
        said = Saved(station, packet_id, number, visit, self.world.now, recording.size, again)
        if self.saved.setdefault(packet_id, said) is said:
            for place in [name for name, known in self.acknowledged if known == packet_id]:
                self._note_highest(place, chain)

    def heard(self, place: str, woken: Callable[[], None], call: str, given: tuple[Any, ...], answer: Any) -> None:
        """A place has answered; whether the answer arrives is another matter."""
        if call != "complete":
            return
        packet_id = given[0]
        woken()
        if (place, packet_id) in self.acknowledged:
            self.world.exercise(4)
        elif packet_id in self.saved:
            self._note_highest(place, PacketNumber.parse(self.saved[packet_id].number))
        first = self.acknowledged.setdefault((place, packet_id), answer)
        if first != answer:
            self.world.violated(4, f"{place} gave {packet_id[:8]} a second receipt")

    def leaves(self, place: str, packet_id: str) -> None:
        """A finished packet is removed from a disk."""
        if packet_id not in self.saved:
            return  # nobody was told of it
        self.removed[packet_id] = place
        self.looked += 1
        self.world.exercise(3)
        if ("centre", packet_id) not in self.acknowledged:
            self.world.violated(3, f"{place} removed {packet_id[:8]}, which the centre never accepted")

    def highest_at(self, place: str, station: str, epoch: int) -> int:
        """The highest number of an installation that a place acknowledged, of what was said to be saved."""
        return self._highest.get((place, station, epoch), 0)

    def _note_highest(self, place: str, number: PacketNumber) -> None:
        """A place acknowledged this number, and a screen said that it is saved."""
        key = place, str(number.station), number.epoch
        self._highest[key] = max(self._highest.get(key, 0), number.sequence)

    def installed(self, station: str, epoch: int, key: bytes) -> None:
        """A station has new keys, under a number of installation that nobody's had before."""
        if self._installed.setdefault((station, epoch), key) != key:
            self.world.violated(5, f"installation {station}/{epoch} was given twice")

    def numbered(self, station: str, epoch: int, office: str, blocks: Sequence[Block]) -> None:
        """An office gave an installation these numbers of letters, which nobody else has or ever had; while it could
        not know that it is older than its word, it may have given a forgotten block again.
        """
        owner = station, epoch
        for block in blocks:
            owners = self._lettered.setdefault((office, block), set())
            if owner in owners:
                continue
            others = [
                (other, held) for (by, other), held in self._lettered.items() if by == office and _overlap(block, other)
            ]
            taken = [each for other, held in others for each in held]
            owners.add(owner)
            if not taken:
                continue
            said = f"{office} gave {station}/{epoch} letters {block.first}-{block.last}, which {taken} have"
            if self.unaware(office):
                self.world.tell(f"{said}; it cannot know yet")
            else:
                self.world.violated(5, said)

    def lost(self, said: Saved) -> bool:
        """Its station does not know it any more; whether the resident must be recorded again."""
        said.forgotten = True
        self.world.exercise(1)
        if any(packet_id == said.packet_id for _, packet_id in self.acknowledged):
            return False
        return self.gone_with(said)

    def put_back(self, place: str, held: set[str]) -> list[Saved]:
        """A place above stations knows only what it `held` in its image; what it acknowledged beside that, it may
        acknowledge anew, under another receipt. Which recordings nobody above the stations has any more.
        """
        gone = {packet_id for name, packet_id in self.acknowledged if name == place} - held
        for packet_id in gone:
            del self.acknowledged[place, packet_id]
            self.owed.add((place, packet_id))
            self.world.exercise(2)
        self._highest = {key: n for key, n in self._highest.items() if key[0] != place}
        for name, packet_id in self.acknowledged:
            if name == place and packet_id in self.saved:
                self._note_highest(name, PacketNumber.parse(self.saved[packet_id].number))
        known = {packet_id for _, packet_id in self.acknowledged}
        return [self.saved[packet_id] for packet_id in sorted(gone - known) if packet_id in self.saved]

    def gone_with(self, said: Saved) -> bool:
        """The last copy of it was destroyed; whether the resident must be recorded again."""
        said.gone = True
        self.owed -= {each for each in self.owed if each[1] == said.packet_id}
        if self.visitors.get(said.visit.number) == said.packet_id:
            del self.visitors[said.visit.number]
            return True
        return False

    def of(self, station: str) -> list[Saved]:
        """What one station said, in its order."""
        return [said for said in self.saved.values() if said.station == station and not (said.gone or said.forgotten)]


def _overlap(one: Block, other: Block) -> bool:
    return one.year == other.year and one.first <= other.last and other.first <= one.last
