"""What the last attempt at a sitting said, until the next one: `Lately`, in memory alone."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Slot
from rekam.station.capture import Judged

__all__ = ["Attempt", "Lately"]

_KEPT = 64


@dataclass(frozen=True)
class Attempt:
    """One attempt at `slots`: how each image was judged, or the problem for which there is none.

    A `fault` is a device that gave nothing at all: no attempt, and its problem stands at the first slot.
    """

    slots: tuple[Slot, ...]
    judged: Mapping[Slot, Judged] = field(default_factory=dict)
    problems: Mapping[Slot, RekamError] = field(default_factory=dict)
    fault: bool = False


class Lately:
    """A draft holds the best attempt; what was wrong with the last one is only shown, and not missed when lost."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt] = {}
        self._lock = threading.Lock()

    def note(self, sitting_id: str, attempt: Attempt) -> None:
        with self._lock:
            self._attempts.pop(sitting_id, None)
            self._attempts[sitting_id] = attempt
            while len(self._attempts) > _KEPT:
                del self._attempts[next(iter(self._attempts))]

    def of(self, sitting_id: str) -> Attempt | None:
        with self._lock:
            return self._attempts.get(sitting_id)
