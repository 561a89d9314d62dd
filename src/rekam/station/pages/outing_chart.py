"""The drawing of an outing's work, as figures for an SVG: recordings of each hour, day beside day: `chart_of`."""

from dataclasses import dataclass
from typing import Final

from rekam.station.outing.throughput import Throughput

__all__ = ["Bar", "Chart", "DayMark", "chart_of"]

WIDTH: Final = 1180.0
HEIGHT: Final = 170.0
_TOP, _FOOT, _GAP = 22.0, 40.0, 26.0
_WIDEST: Final = 56.0
_MOST_DAYS: Final = 5


@dataclass(frozen=True)
class Bar:
    """One hour; all lengths in the units of the drawing. `hour` is its label, None where there is no room for it."""

    x: float
    y: float
    width: float
    height: float
    count: int
    hour: int | None


@dataclass(frozen=True)
class DayMark:
    """A day under its bars, from `x` to `end`."""

    day: str
    x: float
    end: float
    total: int


@dataclass(frozen=True)
class Chart:
    """`needed` is the height at which the line of what is needed stands, None where nothing is; `hidden`: how many
    earlier days are not drawn.
    """

    bars: tuple[Bar, ...]
    days: tuple[DayMark, ...]
    base: float
    needed: float | None
    width: float
    height: float
    hidden: int


def chart_of(work: Throughput) -> Chart:
    """The newest days. An hour without a recording has a bar without a height."""
    shown = work.days[-_MOST_DAYS:]
    hours = sum(len(day.hours) for day in shown)
    each = min(_WIDEST, (WIDTH - _GAP * max(0, len(shown) - 1)) / hours) if hours else 0.0
    base, room = HEIGHT - _FOOT, HEIGHT - _FOOT - _TOP
    top = max([1.0, work.needed or 0.0, *(float(count) for day in shown for count in day.hours)])
    bars, marks, x = list[Bar](), list[DayMark](), 0.0
    step = 1 if each >= 24 else 2 if each >= 13 else 4
    for day in shown:
        begin = x
        for at, count in enumerate(day.hours):
            height = round(room * count / top, 1)
            hour = day.first_hour + at
            label = hour if at % step == 0 else None
            bars.append(Bar(round(x + 2, 1), round(base - height, 1), round(each - 4, 1), height, count, label))
            x += each
        marks.append(DayMark(day.day.isoformat(), round(begin, 1), round(x, 1), day.total))
        x += _GAP
    line = round(base - room * work.needed / top, 1) if work.needed and shown else None
    return Chart(tuple(bars), tuple(marks), base, line, WIDTH, HEIGHT, len(work.days) - len(shown))
