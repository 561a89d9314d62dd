"""A machine that can stop at any instant and come back: `Machine`."""

import errno
from collections.abc import Callable
from traceback import clear_frames
from typing import Final

from rekam.drill.simulate.clock import MachineClock
from rekam.drill.simulate.disk import SimulatedDisk
from rekam.drill.simulate.world import Crash, World

__all__ = ["Machine"]

_OFF_S: Final = (20.0, 900.0)


class Machine:
    """Disk and clock of one place, and the process on it.

    `boot` builds the place anew from what is durable, `drop` lets go of the old one's memory; `removes` is told each
    file that is removed, `started` looks it over once it is there. A stop is a kill of the process (the kernel keeps
    what was written) or a power cut (only what was synced is sure).
    """

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        self.clock = MachineClock(world)
        self.disk = SimulatedDisk(world.chance, self._touched)
        self.alive = False
        self.life = 0
        self.boot: Callable[[], None] = lambda: None
        self.drop: Callable[[], None] = lambda: None
        self._stops_in: int | None = None
        self._fails_in: int | None = None
        self._power = False
        self._only = ""
        self.held_down = False
        self.removes: Callable[[str], None] = lambda _path: None
        self.started: Callable[[], None] = lambda: None

    def start(self) -> None:
        """The process begins; it may stop again while it does."""
        self.alive, self.life = True, self.life + 1
        with self.world.on(self, f"{self.name}/start"):
            try:
                self.boot()
                self.started()
            except Exception as error:  # noqa: BLE001  # whatever ends a process at its start; somebody starts it again
                self.world.tell(f"{self.name} does not start: {type(error).__name__}")
                self.alive = False
                self.disk.killed()
                self.forget(error)
                self._start_later()

    def stop(self, *, power: bool) -> None:
        """At this instant. It comes back by itself."""
        if not self.alive:
            return
        self._end(power=power)
        self.world.fault("power cut" if power else "kill", self.name)
        self.world.exercise(*(1, 5) if self.name.startswith("station") else (2, 4, 11, 13))
        self._start_later()

    def restart(self) -> None:
        """Somebody stops the process and starts it again; no misfortune."""
        if self.alive:
            self._end(power=False)
            self._start_later()

    def _end(self, *, power: bool) -> None:
        self.alive = False
        self._stops_in = None
        if power:
            self.disk.power_cut()
            self.clock.reboot()
        else:
            self.disk.killed()
        self.forget()

    def _start_later(self) -> None:
        self.world.later(self.world.chance.uniform(*_OFF_S), f"{self.name}/power", self._return)

    def forget(self, error: BaseException | None = None) -> None:
        """The process image is gone, and with it what `error` still holds of it (a store half opened, which closes when
        nobody knows it any more); what it does on its way out reaches nothing.
        """
        with self.disk.silent():
            self.drop()
            while error is not None:
                clear_frames(error.__traceback__)
                error = error.__context__

    def _return(self) -> None:
        if self.alive or self.held_down:
            return
        if any(each is self for _, each in self.world.acting):
            self._start_later()  # a call of its last life still waits for somebody's answer: it must find nobody here
            return
        self.world.tell(f"{self.name} starts")
        self.start()

    def stop_at(self, points: int, *, power: bool, only: str = "") -> None:
        """Stop at the n-th time from now that it touches its disk or database; `only` at points that begin so."""
        self._stops_in, self._power, self._only = points, power, only

    def fail_at(self, points: int) -> None:
        """The n-th write or sync from now fails with EIO, once."""
        self._fails_in = points

    def heal(self) -> None:
        """No more misfortunes."""
        self._stops_in = self._fails_in = None

    @property
    def calm(self) -> bool:
        """Whether it runs and nothing will stop it."""
        return self.alive and self._stops_in is None

    def point(self, what: str, path: str = "") -> None:
        """A moment at which everything may end. `what`, and the file it is done to, are for the reader of a trace."""
        if self.world.stopped:
            return
        if not self.alive:
            raise Crash(self, power=True)
        if self._stops_in is not None and what.startswith(self._only):
            self._stops_in -= 1
            if self._stops_in <= 0:
                self.world.tell(f"{self.name} stops before: {what} {_file(path)}".rstrip())
                raise Crash(self, power=self._power)

    def amid(self, what: str) -> None:
        """A moment at which everything may end or others get their turn; among what they do may be this one's end."""
        self.point(what)
        self.world.turn(often=what == "commit")
        if not (self.alive or self.world.stopped):
            raise Crash(self, power=True)

    def _touched(self, what: str, path: str) -> None:
        if self.alive and self._stops_in is None and self._fails_in is None and what != "unlink":
            return  # nothing can come of it, thousands of times
        self.point(what, path)
        if what == "unlink":
            self.removes(path)
        if self._fails_in is not None and what in {"write", "sync"}:
            self._fails_in -= 1
            if self._fails_in <= 0:
                self._fails_in = None
                self.world.fault("EIO", f"{self.name} {what} {_file(path)[:12]}")
                raise OSError(errno.EIO, "Input/output error", path)


def _file(path: str) -> str:
    return path.rpartition("/")[2]
