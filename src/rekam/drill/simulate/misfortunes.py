"""Everything that goes wrong in a simulated country, drawn from its seed and counted by kind: `Misfortunes`."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from rekam.drill.simulate.courier import carry
from rekam.drill.simulate.healing import put_right
from rekam.drill.simulate.machine import Machine
from rekam.drill.simulate.network import Ailments, Line
from rekam.drill.simulate.recovery import recover
from rekam.drill.simulate.setting_back import set_back
from rekam.drill.simulate.stretches import VISITED
from rekam.drill.simulate.thief import Thief
from rekam.drill.simulate.world import DAY, HOUR

if TYPE_CHECKING:
    from rekam.drill.simulate.country import Country
    from rekam.drill.simulate.office import OfficeSite
    from rekam.drill.simulate.station import StationSite

__all__ = ["Misfortunes"]

_PLANNED: Final = 30
_THIEVES: Final = 2
_FIRST: Final = 0.02
_COPIED: Final = ((0.05, 0.35), (0.35, 0.65))
LEAST: Final = 20
_WHILE_FOLLOWING: Final = 0.04
_YEAR: Final = 365.0
_POINTS: Final = ("", "", "committed", "committed", "sync", "rename", "commit", "write", "unlink")
"""Where machines stop: anywhere, or at points of one kind, so that the rare ones get their share."""


class Misfortunes:
    """Plans them over the days of a schedule; `heal` ends them all."""

    def __init__(self, country: "Country") -> None:
        self.country, self.world = country, country.world
        self.kinds: tuple[tuple[int, Callable[[], None]], ...] = (
            (3, self._partition),
            (5, self._bad_line),
            (14, self._stop_somewhere),
            (2, self._full_disk),
            (2, self._failing_disk),
            (2, self._bit_flip),
            (2, self._clock_jump),
            (3, self._crowd),
            (3, self._stalled_worker),
            (1, self._centre_away),
            (2, self._twice),
            (2, self._set_back),
            (1, self._installed_anew),
            (2, self._thief),
            (3, self._courier),
        )

    def begin(self) -> None:
        """Whoever follows a feed may stop over it, and disks are copied now and then, before the schedules part."""
        self.country.let_stop(_WHILE_FOLLOWING)
        for begin, end in _COPIED:
            self._at(begin, end, "image", self._image)

    def plan(self, begin: float, end: float, *, office_put_back: bool) -> None:
        """Draw when and what for a part of the schedule, in shares of its days; the target is drawn when its time has
        come.
        """
        kinds = [kind for weight, kind in self.kinds for _ in range(weight)]
        chosen = [] if begin else [self._bad_line, self._bad_line, self._stop_somewhere]
        chosen += [self._crowd, self._stalled_worker]
        if office_put_back:  # stations that were set up anew meanwhile are what such an office has forgotten
            chosen += [self._office_set_back, self._installed_anew]
        planned = round(_PLANNED * (end - begin))
        chosen += [self.world.chance.choice(kinds) for _ in range(planned - len(chosen))]
        for kind in chosen:
            self._at(max(begin, _FIRST), min(end, VISITED), "misfortune", kind)

    def _at(self, begin: float, end: float, actor: str, run: Callable[[], None]) -> None:
        days = self.country.days * self.world.chance.uniform(begin, end)
        self.world.later(days * DAY - self.world.now, actor, run)

    def top_up(self) -> None:
        """A schedule that was lucky gets the rest of its share at the end."""
        while sum(self.world.faults.values()) < LEAST:
            machine = self.world.chance.choice([machine for machine in self.country.machines if machine.alive])
            machine.stop(power=True)
            self.world.run(self.world.now + HOUR)

    def heal(self) -> None:
        """Lines, disks and machines are well again; clocks stay as wrong as they are."""
        self.country.let_stop(0.0)
        self.world.keep_usual_pace()
        self.world.overlaps, self.world.crowded_until = 0, 0.0
        self.country.centre.stall_s = 0.0
        for thief in self.country.thieves:
            thief.caught()
        for line in self.country.lines:
            line.cut, line.ailments = False, Ailments()
        for machine in self.country.machines:
            machine.heal()
            machine.disk.capacity = 1 << 30
            machine.held_down = False
            if not machine.alive:
                machine.start()
        put_right(self.country)

    # lines

    def _partition(self) -> None:
        line = self.world.chance.choice(self.country.lines)
        self.world.fault("partition", line.name)
        line.cut = True
        self._undo(self._hours(2, 120), lambda: setattr(line, "cut", False))

    def _bad_line(self) -> None:
        line: Line = self.world.chance.choice(self.country.lines)
        chance = self.world.chance
        line.ailments = Ailments(
            lost_request=chance.uniform(0, 0.2),
            lost_response=chance.uniform(0, 0.25),
            duplicate=chance.uniform(0, 0.2),
            late=chance.uniform(0, 0.2),
            cut=chance.uniform(0, 0.3),
            altered=chance.uniform(0, 0.1),
        )
        self.world.tell(f"the line {line.name} falls ill")
        self._undo(self._hours(24, 120), lambda: setattr(line, "ailments", Ailments()))

    def _twice(self) -> None:
        """Everything on one line comes twice for a while, the answers get lost."""
        line: Line = self.world.chance.choice(self.country.lines)
        line.ailments = Ailments(duplicate=0.6, lost_response=0.4)
        self._undo(self._hours(6, 48), lambda: setattr(line, "ailments", Ailments()))

    # machines

    def _machine(self) -> Machine:
        return self.world.chance.choice([each for each in self.country.machines if each.alive] or self.country.machines)

    def _stop_somewhere(self) -> None:
        """A kill or a power cut at the n-th point from now at which it matters."""
        only = self.world.chance.choice(_POINTS)
        most = 60 if not only else 6
        self._machine().stop_at(self.world.chance.randint(1, most), power=self.world.chance.random() < 0.6, only=only)

    def _failing_disk(self) -> None:
        self._machine().fail_at(self.world.chance.randint(1, 25))

    def _full_disk(self) -> None:
        machine = self._machine()
        room = self.world.chance.choice((0, 1500, 6000, 70_000, 80_000, 120_000))
        machine.disk.capacity = machine.disk.used() + room
        self.world.fault("full disk", f"{machine.name}, {room} bytes left")
        self._undo(self._hours(6, 60), lambda: setattr(machine.disk, "capacity", 1 << 30))

    def _clock_jump(self) -> None:
        machine = self.world.chance.choice([each for each in self.country.machines if each.name != "centre"])
        years = self.world.chance.choice((-16, -3, -1, 0.003, 1, 4, 21))
        machine.clock.off_by = timedelta(days=years * _YEAR)
        self.world.fault("clock jump", f"{machine.name} {years:+} years")

    def _centre_away(self) -> None:
        """For days; for half a year where the schedule is long."""
        centre = self.country.centre.machine
        if centre.alive:
            days = 183.0 if self.country.days > 180 else self.world.chance.uniform(1, 9)
            self.world.fault("centre away", f"{days:.0f} days")
            centre.held_down = True
            centre.stop(power=True)
            self._undo(days * DAY, partial(self._switch_on, centre))

    @staticmethod
    def _switch_on(machine: Machine) -> None:
        machine.held_down = False
        if not machine.alive:
            machine.start()

    # bytes at rest

    def _bit_flip(self) -> None:
        """One bit of a stored packet, at a station, an office or the centre. Somebody has a sound copy."""
        machine = self._machine()
        packets = sorted(path for path, inode in machine.disk.files_now.items() if _is_packet(path) and inode.data)
        if not packets:
            return
        path = self.world.chance.choice(packets)
        inode = machine.disk.files_now[path]
        sound = bytes(inode.data)
        place = self.world.chance.randrange(len(sound))
        inode.replace(sound[:place] + bytes([sound[place] ^ 1 << self.world.chance.randrange(8)]) + sound[place + 1 :])
        self.world.fault("bit flip", f"{machine.name} {path.rpartition('/')[2][:8]}")
        self.world.exercise(7, 9)
        self.world.spoilt.add(path.rpartition("/")[2])
        self.country.sound.setdefault(path.rpartition("/")[2], sound)
        self.country.spoiled.setdefault((machine.name, path), sound)  # a second flip takes the first for sound

    # copies of disks, and other disks

    def _image(self) -> None:
        """Somebody copies every disk of stations and offices, as one does once a week."""
        for office in self.country.offices.values():
            if office.machine.alive:
                self.country.office_images[office.id] = office.image()
        for station in self.country.stations:
            if station.machine.alive and station.machine.disk.files_now:
                self.country.images[station.name] = station.identity, station.machine.disk.image()

    def _set_back(self) -> None:
        station = self.world.chance.choice(self.country.stations)
        if station.name in self.country.images and station.machine.alive:
            identity, image = self.country.images[station.name]
            self.world.fault("restored image", station.name)
            self.world.exercise(5, 6)
            self.country.witness.troubled |= {(str(station.id), each.epoch) for each in (identity, station.identity)}
            station.set_back(image, identity)

    def _office_set_back(self) -> None:
        set_back(self.country, self.world.chance.choice([*self.country.offices.values()]))

    def _installed_anew(self) -> None:
        station = self.world.chance.choice(self.country.stations)
        recover(self.country, station, readable=self.world.chance.random() < 0.6)

    def _thief(self) -> None:
        """One at each of two stations at most."""
        victim, thieves = self.world.chance.choice(self.country.stations), self.country.thieves
        if victim.machine.alive and len(thieves) < _THIEVES and all(thief.id != victim.id for thief in thieves):
            self.world.fault("thief", f"{victim.name} is copied")
            self.country.witness.troubled.add((str(victim.id), victim.identity.epoch))
            thieves.append(Thief(self.country, victim))

    def _courier(self) -> None:
        """A station's stick, or an office's; perhaps a thief's, whom nobody lets in any more."""
        thieves = self.country.thieves
        sites: list[StationSite | OfficeSite] = [*self.country.stations, *self.country.offices.values()]
        sites += [*thieves, *thieves]
        carry(self.country, self.world.chance.choice(sites))

    # order of things

    def _crowd(self) -> None:
        """Many come at once; transactions and requests fall into one another."""
        self.world.fault("crowd", "things happen in the middle of one another")
        self.world.bring_forward("visitor", 6, 0.1 * HOUR)
        self.world.overlap = self.world.chance.uniform(0.2, 0.7)
        self.world.overlaps = 20
        self.world.crowded_until = self.world.now + self._hours(24, 60)

    def _stalled_worker(self) -> None:
        self.country.centre.stall_s = self.world.chance.uniform(30, 900)

    def _hours(self, least: float, most: float) -> float:
        return self.world.chance.uniform(least, most) * HOUR

    def _undo(self, after_s: float, healed: Callable[[], None]) -> None:
        self.world.later(after_s, "healing", healed)


def _is_packet(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 5 and parts[2] == "packets" and len(parts[4]) == 64
