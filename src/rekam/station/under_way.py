"""Captures that go on while pages come and go: `UnderWay`. A device that hangs keeps no page waiting."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from rekam.enrolment.errors import RekamError
from rekam.station.attempt import Outcome
from rekam.station.lately import Attempt, Lately
from rekam.station.placement import Placement
from rekam.trust.clock import Clock

__all__ = ["CaptureBroke", "Going", "UnderWay"]

_log = structlog.get_logger()
_NS = 1_000_000_000

Take = Callable[[Callable[[], bool]], Outcome]
"""One attempt; is told by what it is given whether anybody still waits for it."""


class CaptureBroke(RekamError):
    """The capture broke off for a reason that this station did not expect ({reason}). The sitting is kept.
    Try again; if it comes back, report this sentence.
    """


@dataclass(frozen=True)
class Going:
    """One capture that is under way."""

    number: int
    slots: Placement
    began_ns: int
    done: threading.Event = field(default_factory=threading.Event, compare=False)


class UnderWay:
    """At most one capture a sitting, each in a thread of its own; what came of it is noted in `lately`, whoever looks.

    A second press of the button, another tab and a page that comes back find the capture that is going on instead of
    beginning another.
    """

    def __init__(self, lately: Lately, clock: Clock) -> None:
        self._lately = lately
        self._clock = clock
        self._going: dict[str, Going] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def begin(self, sitting_id: str, slots: Placement, take: Take) -> Going:
        """The capture that is now under way for this sitting: a new one, or the one that already was."""
        with self._lock:
            if sitting_id in self._going:
                return self._going[sitting_id]
            going = Going(next(self._numbers), slots, self._clock.stamp().monotonic_ns)
            self._going[sitting_id] = going
        threading.Thread(target=self._run, args=(sitting_id, going, take), name="capture", daemon=True).start()
        return going

    def of(self, sitting_id: str) -> Going | None:
        with self._lock:
            return self._going.get(sitting_id)

    def seconds(self, going: Going) -> int:
        """How long it has been going on."""
        return (self._clock.stamp().monotonic_ns - going.began_ns) // _NS

    def give_up(self, sitting_id: str) -> None:
        """Nobody waits for the device any more; what it still gives is not used."""
        with self._lock:
            going = self._going.pop(sitting_id, None)
        if going is not None:
            going.done.set()

    def _run(self, sitting_id: str, going: Going, take: Take) -> None:
        def still() -> bool:
            return self.of(sitting_id) == going

        try:
            outcome = take(still)
            attempt = Attempt(going.slots, outcome.judged, outcome.problems)
        except RekamError as problem:
            attempt = Attempt(going.slots, problems={going.slots[0]: problem}, fault=True)
        except Exception as error:  # noqa: BLE001 - a device's program may do anything, and the operator must be told
            _log.error("capture_broke", kind=type(error).__name__)  # its words may quote a resident
            broke = CaptureBroke(reason=type(error).__name__)
            attempt = Attempt(going.slots, problems={going.slots[0]: broke}, fault=True)
        with self._lock:
            if self._going.get(sitting_id) == going:
                self._lately.note(sitting_id, attempt)
                del self._going[sitting_id]
        going.done.set()
