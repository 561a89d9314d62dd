"""Time, chance and order of a simulated country: `World`. One seed decides everything."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

from rekam.storage.memory_pg.server import Blocked

if TYPE_CHECKING:
    from rekam.drill.simulate.machine import Machine

__all__ = ["BEGIN", "DAY", "HOUR", "Crash", "World"]

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
BEGIN: Final = datetime(2016, 10, 3, 1, 0, tzinfo=UTC)
_DEEPEST: Final = 2
"""How many things may happen in the middle of one another."""
_SELDOM: Final = 0.1
_MOST_BUSY: Final = 4
_SOON_S: Final = 12 * HOUR
"""What would happen within this time may as well happen now, in the middle of what happens."""


class Crash(BaseException):
    """A machine stops at an instant; unwinds to whoever runs it, past everything that a product may catch."""

    def __init__(self, machine: "Machine", *, power: bool) -> None:
        super().__init__(machine.name)
        self.machine = machine
        self.power = power


@dataclass(eq=False, slots=True)
class _Event:
    at: float
    serial: int
    actor: str
    machine: "Machine | None"
    run: Callable[[], None]
    life: int = 0
    recurs: bool = False

    def __lt__(self, other: "_Event") -> bool:
        return self.at < other.at or (self.at == other.at and self.serial < other.serial)


class World:
    """Events on true time. `faults` counts what was done to the country, `exercised` how often each never could have
    happened, `spoilt` are the packets of which a copy was damaged at rest; `trace` tells it line by line. `pace`:
    how many times longer what recurs stays away.
    """

    def __init__(self, seed: object, *, pace: float = 1.0) -> None:
        self.pace = pace
        self.chance = random.Random(f"rekam/{seed}")  # noqa: S311  # a simulation must repeat
        self._secrets = random.Random(f"secrets/{seed}")  # noqa: S311  # of people who do not exist
        self.now = 0.0
        self._read_at, self._read = 0.0, BEGIN
        self.faults: Counter[str] = Counter()
        self.trace: list[str] = []
        self.violations: list[str] = []
        self.exercised: Counter[int] = Counter()
        self.spoilt: set[str] = set()
        self.overlap = 0.0
        self.overlaps = 0
        self.crowded_until = 0.0
        self.stopped = False
        self._heap: list[_Event] = []
        self._serial = 0
        self.acting: list[tuple[str, Machine | None]] = []
        """Who is at work just now, and on which machine, the innermost last."""

    def part(self, seed: str) -> None:
        """From here on chance and secrets are another's than of all countries that were the same until now."""
        self.chance.seed(f"rekam/{seed}")
        self._secrets.seed(f"secrets/{seed}")

    def draw(self, count: int) -> bytes:
        """Bytes for keys and salts."""
        return self._secrets.randbytes(count)

    @property
    def time(self) -> datetime:
        """True time, which no place knows but the centre."""
        if self._read_at != self.now:
            self._read_at, self._read = self.now, BEGIN + timedelta(seconds=self.now)
        return self._read

    def tell(self, what: str) -> None:
        """One line of the trace."""
        day, rest = divmod(int(self.now), int(DAY))
        hours, rest = divmod(rest, int(HOUR))
        self.trace.append(f"{day:3}d{hours:02}:{rest // 60:02}:{rest % 60:02} {what}")

    def fault(self, kind: str, what: str) -> None:
        """Something was done to the country."""
        self.faults[kind] += 1
        self.tell(f"! {kind}: {what}")

    def exercise(self, *nevers: int) -> None:
        """Here each of these nevers would happen, were the product not made so that it does not."""
        self.exercised.update(nevers)

    def violated(self, never: int, what: str) -> None:
        """A never happened."""
        self.violations.append(f"never {never}: {what}")
        self.tell(f"VIOLATION never {never}: {what}")

    def later(self, delay_s: float, actor: str, run: Callable[[], None], machine: "Machine | None" = None) -> None:
        """Let `actor` do something after so long; it does not, where its machine has been restarted meanwhile."""
        self._serial += 1
        life = machine.life if machine is not None else 0
        heappush(self._heap, _Event(self.now + delay_s, self._serial, actor, machine, run, life))

    def recur(self, delay_s: float, actor: str, run: Callable[[], None], machine: "Machine | None" = None) -> None:
        """As `later`, for what comes again by itself: in a long schedule it comes as often as in a month."""
        self._serial += 1
        life = machine.life if machine is not None else 0
        heappush(
            self._heap, _Event(self.now + delay_s * self.pace, self._serial, actor, machine, run, life, recurs=True)
        )

    def keep_usual_pace(self) -> None:
        """What comes again by itself comes as often as in a month from now on, the next time already: a country that
        is healed has twenty days to drain, not a share of its half year.
        """
        for event in self._heap:
            if event.recurs:
                event.at = self.now + (event.at - self.now) / self.pace
        heapify(self._heap)
        self.pace = 1.0

    def bring_forward(self, actors: str, count: int, within_s: float) -> None:
        """The next so many of those actors come now, all at once."""
        found = sorted(event for event in self._heap if event.actor.startswith(actors))[:count]
        for event in found:
            event.at = min(event.at, self.now + self.chance.uniform(0, within_s))
        heapify(self._heap)

    def run(self, until_s: float) -> None:
        """Everything that happens up to that time."""
        while self._heap and self._heap[0].at <= until_s:
            self._do(heappop(self._heap))
        self.now = max(self.now, until_s)

    def pass_time(self, seconds: float) -> None:
        """Somebody is slow in the middle of something; the others go on meanwhile."""
        until = self.now + seconds
        while self._heap and self._heap[0].at <= until and len(self.acting) <= _DEEPEST:
            event = self._next_besides(until)
            if event is None:
                break
            self._do(event)
        self.now = max(self.now, until)

    @property
    def crowded(self) -> bool:
        """Whether things fall into one another."""
        return self.now < self.crowded_until

    def turn(self, *, often: bool) -> None:
        """Perhaps something else happens right here, in the middle of what happens now; `often` up to three things."""
        if not self.overlaps or self.stopped or len(self.acting) > _DEEPEST:
            return
        for _ in range(3 if often else 1):
            if self.overlaps and self.chance.random() < (self.overlap if often else self.overlap * _SELDOM):
                event = self._next_besides(self.now + _SOON_S)
                if event is None:
                    return
                self.overlaps -= 1
                self._do(event, early=True)

    def meanwhile(self, actor: str, run: Callable[[], object], machine: "Machine") -> None:
        """In a crowd, perhaps this very thing happens in the middle of what happens now."""
        if self.stopped or len(self.acting) > _DEEPEST or not machine.alive:
            return
        if self.chance.random() < self.overlap and all(actor != busy for busy, _ in self.acting):
            with self.on(machine, actor):
                run()

    def _next_besides(self, until_s: float) -> _Event | None:
        """The next event up to a time whose actor is not at work; those of actors at work stay."""
        busy = {actor for actor, _ in self.acting}
        put_back: list[_Event] = []
        found = None
        while self._heap and found is None and self._heap[0].at <= until_s and len(put_back) <= _MOST_BUSY:
            event = heappop(self._heap)
            if event.actor in busy:
                put_back.append(event)
            else:
                found = event
        for event in put_back:
            heappush(self._heap, event)
        return found

    def _do(self, event: _Event, *, early: bool = False) -> None:
        if not early:
            self.now = max(self.now, event.at)
        if event.machine is not None and (not event.machine.alive or event.machine.life != event.life):
            return
        with self.on(event.machine, event.actor):
            event.run()

    @contextmanager
    def standstill(self) -> Iterator[None]:
        """Somebody looks: nothing happens meanwhile, not even to the machines that are asked."""
        self.stopped = True
        try:
            yield
        finally:
            self.stopped = False

    def on(self, machine: "Machine | None", actor: str) -> "_Acting":
        """Whoever acts inside acts on that machine; when it stops, the story goes on outside."""
        return _Acting(self, machine, actor)


class _Acting:
    """The block of `World.on`; entered thousands of times, which a generator would make slow."""

    __slots__ = ("_acting", "_entry", "_world")

    def __init__(self, world: World, machine: "Machine | None", actor: str) -> None:
        self._world, self._entry = world, (actor, machine)
        self._acting = world.acting

    def __enter__(self) -> None:
        self._acting.append(self._entry)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if isinstance(error, Crash):
            error.machine.stop(power=error.power)
            self._acting.pop()
            return all(
                each is not error.machine for _, each in self._acting
            )  # else the machine is at work outside, too
        if isinstance(error, Blocked):
            self._world.tell(f"{self._entry[0]} would have had to wait and is thrown out")
        self._acting.pop()
        return isinstance(error, Blocked)
