"""The line to another place, with everything that lines do: `Line`."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

import psycopg

from rekam.drill.simulate.machine import Machine
from rekam.drill.simulate.world import World
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.problem import from_problem, status_of, to_problem
from rekam.trust.certificates import Certificate

__all__ = ["Ailments", "Caller", "Line"]

Caller = tuple[tuple[bytes, ...], tuple[Certificate, ...]]
"""Who asks: certificates as they travel, and the same verified, the caller's own first."""

_LATE_S: Final = (5.0, 6 * 3600.0)
_POINTS: Final = 12
_NOTHING: Final = object()


class Ailments:
    """Chances, 0 to 1, of what may happen to one call."""

    def __init__(self, **chances: float) -> None:
        self.lost_request = chances.get("lost_request", 0.0)
        self.lost_response = chances.get("lost_response", 0.0)
        self.duplicate = chances.get("duplicate", 0.0)
        self.late = chances.get("late", 0.0)
        self.cut = chances.get("cut", 0.0)
        self.altered = chances.get("altered", 0.0)


class Line:
    """`Remote` over a simulated line. Whatever calls a remote may have, they travel; errors travel as over HTTP.

    `far` gives the far end's remote for the `caller` as it is at that moment: after a restart it is another object.
    `near` is the machine that asks; `stops` is the chance that it stops while it takes in what came down.
    """

    def __init__(self, world: World, name: str, machine: Machine, far: Callable[[Caller], Any]) -> None:
        self._world, self.name, self._machine, self._far = world, name, machine, far
        self.cut = False
        self.ailments = Ailments()
        self.caller: Caller = ((), ())
        self.near: Machine
        self.stops = 0.0
        self.heard: Callable[[str, tuple[Any, ...], Any], None] = lambda _call, _given, _answer: None

    def __getattr__(self, call: str) -> Callable[..., Any]:
        if call.startswith("__"):
            raise AttributeError(call)
        return lambda *given, **more: self._call(call, given, more)

    def desk(self, name: str) -> "_Desk":
        """Another desk of the far end, over the same line."""
        return _Desk(self, name)

    def _call(self, call: str, given: tuple[Any, ...], more: dict[str, Any]) -> Any:
        world, ill, chance = self._world, self.ailments, self._world.chance
        if self.cut:
            raise self._unreachable("no way there")
        if ill.lost_request and chance.random() < ill.lost_request:
            world.fault("lost request", f"{self.name} {call}")
            raise self._unreachable("the request was lost")
        if ill.late and call in {"append", "complete"} and chance.random() < ill.late:
            self._come_later(call, given, more)
        if call == "append":
            given = self._mangled(given)
        elif call == "complete" and len(given) > 3 and given[3]:
            packet_id, chain, offset, tail = given
            packet_id, offset, tail = self._mangled((packet_id, offset, tail))
            given = packet_id, chain, offset, tail
        answer = self._deliver(call, given, more)
        if ill.duplicate and chance.random() < ill.duplicate:
            world.fault("duplicate", f"{self.name} {call}")
            world.exercise(8)
            self._deliver_unheard(call, given, more)
        if ill.lost_response and chance.random() < ill.lost_response:
            world.fault("lost response", f"{self.name} {call}")
            raise self._unreachable("the answer was lost")
        if self.stops and answer is not None and call == "feed_after" and chance.random() < self.stops:
            self.near.stop_at(chance.randint(1, _POINTS), power=chance.random() < 0.5)
        return answer

    def _come_later(self, call: str, given: tuple[Any, ...], more: dict[str, Any]) -> None:
        """The request arrives, long after its sender gave it up, behind others that were sent later."""
        self._world.fault("reordered", f"{self.name} {call}")
        self._world.exercise(8)
        self._world.later(
            self._world.chance.uniform(*_LATE_S),
            f"{self.name}/late",
            lambda: self._deliver_unheard(call, given, more),
        )
        raise self._unreachable("no answer in time")

    def _mangled(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        """An upload that is cut, or altered on its way past all checksums below."""
        packet_id, offset, data = given
        chance = self._world.chance
        if self.ailments.cut and chance.random() < self.ailments.cut:
            self._world.fault("cut upload", f"{self.name} {packet_id[:8]}")
            self._world.exercise(7)
            self._deliver_unheard("append", (packet_id, offset, data[: chance.randrange(len(data) + 1)]), {})
            raise self._unreachable("cut while sending")
        if self.ailments.altered and data and chance.random() < self.ailments.altered:
            self._world.fault("altered on the way", f"{self.name} {packet_id[:8]}")
            self._world.exercise(7, 9)
            place = chance.randrange(len(data))
            data = data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
        return packet_id, offset, data

    def _deliver_unheard(self, call: str, given: tuple[Any, ...], more: dict[str, Any]) -> None:
        try:
            self._deliver(call, given, more)
        except RekamError:
            return

    def _deliver(self, call: str, given: tuple[Any, ...], more: dict[str, Any]) -> Any:
        if not self._machine.alive or self.cut:
            raise self._unreachable("connection refused")
        answer: Any = _NOTHING
        trouble: Exception | None = None
        with self._world.on(self._machine, f"{self._machine.name}/{self.name}"):
            try:
                answer = attrgetter(call)(self._far(self.caller))(*given, **more)
            except (RekamError, psycopg.Error, OSError) as error:
                trouble = error
        if isinstance(trouble, RekamError):
            raise from_problem(self._machine.name, status_of(trouble), to_problem(trouble))
        if answer is _NOTHING:
            raise self._unreachable("HTTP 500" if trouble else "the connection broke")
        self.heard(call, given, answer)
        return answer

    def _unreachable(self, reason: str) -> RemoteUnreachable:
        return RemoteUnreachable(place=self._machine.name, reason=reason)


class _Desk:
    """Whatever is asked of it is asked of that desk over the line."""

    def __init__(self, line: Line, name: str) -> None:
        self._line, self._name = line, name

    def __getattr__(self, call: str) -> Callable[..., Any]:
        if call.startswith("__"):
            raise AttributeError(call)
        return getattr(self._line, f"{self._name}.{call}")  # type: ignore[no-any-return]  # whatever it gives
