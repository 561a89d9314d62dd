"""How fast an outing records, and whether that is enough: `Throughput`. Pure arithmetic over moments."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Final

from rekam.station.outing.plan import OutingPlan

__all__ = ["DayWork", "Throughput", "Verdict"]

_LAST: Final = 9
"""Spans between recordings that the pace is read from, as at the counter (`station.day.pace`)."""
_LEAST: Final = 3
_LONGEST: Final = timedelta(hours=2)
"""Longer than this is no sitting but a rest, a move or a clock that was set."""


class Verdict(StrEnum):
    """What the figures say."""

    DONE = "done"  # nobody is expected any more
    ENOUGH = "enough"
    SHORT = "short"
    OVER = "over"  # no working hour is left
    UNKNOWN = "unknown"  # too little was recorded to say


@dataclass(frozen=True)
class DayWork:
    """One day: recordings for each hour of the clock from `first_hour` on."""

    day: date
    first_hour: int
    hours: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.hours)


@dataclass(frozen=True)
class Throughput:
    """`pace` and `needed` are recordings an hour, None where nothing can be said; `ends` is when the list would be
    done, `unmet` how many of it would be left at the end of the outing.
    """

    days: tuple[DayWork, ...]
    left: int
    pace: float | None
    needed: float | None
    ends: datetime | None
    unmet: int
    verdict: Verdict

    @classmethod
    def of(cls, moments: Sequence[datetime], plan: OutingPlan, left: int, now: datetime) -> "Throughput":
        """`moments` of recordings, in order, and `now`: aware, in the place's zone; `left` are expected still."""
        pace = _pace(moments)
        spans = [*plan.working(now)]
        hours = sum((end - begin).total_seconds() for begin, end in spans) / 3600
        needed = left / hours if hours else None
        ends = _end(spans, left / pace) if pace and left else None
        unmet = 0 if ends else left if pace is None else max(0, math.ceil(left - pace * hours))
        return cls(_days(moments, plan), left, pace, needed, ends, unmet, _verdict(left, hours, pace, unmet))

    @property
    def recorded(self) -> int:
        return sum(day.total for day in self.days)


def _pace(moments: Sequence[datetime]) -> float | None:
    """Of the newest recordings, rests left out; None before there are four."""
    spans = [after - before for before, after in pairwise(moments)]
    worked = [span.total_seconds() for span in spans if timedelta() < span <= _LONGEST][-_LAST:]
    return 3600 / median(worked) if len(worked) >= _LEAST else None


def _end(spans: Sequence[tuple[datetime, datetime]], hours: float) -> datetime | None:
    """When so many hours of work are over; None where the outing is over before."""
    rest = timedelta(hours=hours)
    for begin, end in spans:
        if rest <= end - begin:
            return begin + rest
        rest -= end - begin
    return None


def _verdict(left: int, hours: float, pace: float | None, unmet: int) -> Verdict:
    if not left:
        return Verdict.DONE
    if not hours:
        return Verdict.OVER
    if pace is None:
        return Verdict.UNKNOWN
    return Verdict.SHORT if unmet else Verdict.ENOUGH


def _days(moments: Sequence[datetime], plan: OutingPlan) -> tuple[DayWork, ...]:
    """Every day on which something was recorded, over the planned hours and any others in which it was."""
    counted = Counter((moment.date(), moment.hour) for moment in moments)
    usual = range(plan.opens.hour, plan.closes.hour + (plan.closes.minute > 0))
    found = []
    for day in sorted({day for day, _ in counted}):
        hours = [hour for when, hour in counted if when == day]
        span = range(min(*hours, usual.start), max(*hours, usual.stop - 1) + 1)
        found.append(DayWork(day, span.start, tuple(counted[day, hour] for hour in span)))
    return tuple(found)
