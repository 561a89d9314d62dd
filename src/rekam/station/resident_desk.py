"""What the resident's own screen shows now, for each operator: `ResidentDesk`, in memory alone."""

import threading
from dataclasses import dataclass, replace
from typing import Final

from rekam.station.placement import Placement
from rekam.trust.clock import Clock

__all__ = ["Desk", "ResidentDesk"]

_PRESENT_NS: Final = 10 * 1_000_000_000
"""A screen that did not ask for this long is not there: closed, asleep or unplugged."""


@dataclass(frozen=True)
class Desk:
    """One operator's second window. `sitting_id` None shows the welcome, or thanks when a sitting was just saved;
    `page` names the operator's page, `slots` what it asks for; `objected`: the resident said that something is wrong.
    """

    sitting_id: str | None = None
    page: str = ""
    slots: Placement = ()
    thanked: bool = False
    language: str = "id"
    objected: bool = False


class ResidentDesk:
    """Follows the operator's own pages, so that it shows the sitting on the operator's screen and no other. What ends
    a sitting, and looking up another resident, takes everything of this one off the screen, the language included.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._desks: dict[str, Desk] = {}
        self._asked_ns: dict[str, int] = {}
        self._lock = threading.Lock()

    def show(self, operator: str, sitting_id: str, page: str, slots: Placement = ()) -> None:
        """The operator's page of this sitting is on the screen now."""
        with self._lock:
            desk = self._desks.get(operator, Desk())
            if desk.sitting_id != sitting_id:
                desk = Desk()
            objected = desk.objected and page != "biodata"
            self._desks[operator] = replace(desk, sitting_id=sitting_id, page=page, slots=slots, objected=objected)

    def clear(self, operator: str, *, thank: bool = False) -> None:
        """No sitting is on the screen any more; `thank` after one that was saved."""
        with self._lock:
            before = self._desks.get(operator, Desk())
            kept = before.language if thank else "id"
            self._desks[operator] = Desk(thanked=thank, language=kept)

    def speak(self, operator: str, language: str) -> None:
        with self._lock:
            self._desks[operator] = replace(self._desks.get(operator, Desk()), language=language)

    def object(self, operator: str) -> None:
        """The resident says that something is wrong; the operator's review tells so until it was looked at."""
        with self._lock:
            self._desks[operator] = replace(self._desks.get(operator, Desk()), objected=True)

    def of(self, operator: str) -> Desk:
        with self._lock:
            return self._desks.get(operator, Desk())

    def asked(self, operator: str) -> None:
        """The resident's screen asked what to show."""
        with self._lock:
            self._asked_ns[operator] = self._clock.stamp().monotonic_ns

    def present(self, operator: str) -> bool:
        """Whether a resident's screen is open now."""
        with self._lock:
            asked = self._asked_ns.get(operator)
        return asked is not None and self._clock.stamp().monotonic_ns - asked < _PRESENT_NS
