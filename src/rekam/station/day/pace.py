"""How long somebody will wait, from the day's own pace: `Pace`. It says so where it does not know. Pure."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from rekam.station.day.line import Line
from rekam.station.day.plan import DayPlan
from rekam.station.day.ticket import State

__all__ = ["Pace"]

_LAST: Final = 9
"""Sittings that the pace of the day is read from: enough that one slow sitting does not move the median."""
_LEAST: Final = 3
_LONGEST_S: Final = 7200
"""Longer than this is no sitting but a clock that was set, or a resident who came back after lunch."""
_STALLED: Final = 4
"""So many times its usual time without anything happening, and the counter rests."""


@dataclass(frozen=True)
class Pace:
    """Seconds for each resident. `own`: measured today, else worked out from the plan; `resting`: nothing happens."""

    each_s: float | None
    own: bool
    resting: bool = False

    @classmethod
    def of(cls, line: Line, plan: DayPlan, now: datetime) -> "Pace":
        """The median of the last sittings of the day; before three, the plan's hours for each one expected."""
        ended = sorted(
            (t for t in line.of(State.SERVED) if t.called_at and t.ended_at), key=lambda ticket: ticket.ended_at or ""
        )
        spans = [
            span
            for ticket in ended
            if 0 < (span := _seconds(ticket.called_at or "", ticket.ended_at or "")) <= _LONGEST_S
        ]
        own = len(spans) >= _LEAST
        each = median(spans[-_LAST:]) if own else plan.seconds_each
        if each is None:
            return cls(None, own=False)
        moments = [t.ended_at or t.called_at or t.taken_at for t in line.tickets]
        idle = _seconds(max(moments), now.isoformat()) if moments else 0
        return cls(each, own, resting=idle > max(_STALLED * each, 900) and line.at_counter is None)

    def wait_s(self, ahead: int, *, busy: bool) -> float | None:
        """Seconds until somebody with `ahead` others before them is called; `busy` while one sits at the counter. None
        where nobody can tell.
        """
        if self.each_s is None or self.resting:
            return None
        return self.each_s * (ahead + (0.5 if busy else 0))


def _seconds(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()
