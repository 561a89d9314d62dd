"""Which days the counter is open, when, and for how many: `DayPlan`, `Plans`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.station.store import StationStore

__all__ = ["DayPlan", "HoursInvalid", "Plans"]

_SATURDAY: Final = 5
_OPENS, _CLOSES, _EXPECTED = time(8), time(15), 100
"""A district counter's usual day; about 100 recordings (DOMAIN.md, section 6) [inf: the hours]."""
_MOST: Final = 5000


class HoursInvalid(RekamError):
    """The counter cannot open at {opens} and close at {closes}. Nothing was changed.
    Give two times such as 08:00 and 15:00, the first one earlier, and a number of people from 0 to 5000.
    """


@dataclass(frozen=True)
class DayPlan:
    """`opens` and `closes` are None on a day without service; `source`: ``date``, ``week`` or ``usual``."""

    opens: time | None
    closes: time | None
    expected: int
    note: str = ""
    source: str = "usual"

    @property
    def is_open(self) -> bool:
        return self.opens is not None

    @property
    def seconds_each(self) -> float | None:
        """What the plan leaves for each resident; None where it does not say."""
        if self.opens is None or self.closes is None or not self.expected:
            return None
        span = timedelta(hours=self.closes.hour - self.opens.hour, minutes=self.closes.minute - self.opens.minute)
        return span.total_seconds() / self.expected


class Plans:
    """What supervisors planned: for a date, else for its day of the week, else Monday to Friday as usual."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def of(self, day: date) -> DayPlan:
        return next(iter(self.between([day])))[1]

    def between(self, days: Iterable[date]) -> list[tuple[date, DayPlan]]:
        rows = self._store.rows(
            "SELECT which, opens, closes, expected, note FROM service_plan"
            " WHERE change IN (SELECT max(change) FROM service_plan GROUP BY which)"
        )
        newest = {row[0]: row for row in rows}
        return [(day, _plan(newest, day)) for day in days]

    def put(self, which: date | int, plan: DayPlan, *, by: str, at: str) -> None:
        """For a date, or for every such day of the week (0 is Monday). Raises `HoursInvalid`."""
        opens, closes = _text(plan.opens), _text(plan.closes)
        if (opens is None) != (closes is None) or (opens and closes and opens >= closes):
            raise HoursInvalid(opens=opens or "–", closes=closes or "–")
        if not 0 <= plan.expected <= _MOST:
            raise HoursInvalid(opens=opens or "–", closes=closes or "–")
        row = (str(which), opens, closes, plan.expected, plan.note, by, at)
        with self._store.tx() as tx:
            tx.execute(
                "INSERT INTO service_plan (which, opens, closes, expected, note, set_by, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )


def _plan(newest: dict[str, tuple[Any, ...]], day: date) -> DayPlan:
    row = newest.get(day.isoformat()) or newest.get(str(day.weekday()))
    if row is None:
        usual = day.weekday() < _SATURDAY
        return DayPlan(_OPENS, _CLOSES, _EXPECTED) if usual else DayPlan(None, None, 0)
    which, opens, closes, expected, note = row
    source = "date" if which == day.isoformat() else "week"
    if opens is None:
        return DayPlan(None, None, expected, note, source)
    return DayPlan(time.fromisoformat(opens), time.fromisoformat(closes), expected, note, source)


def _text(moment: time | None) -> str | None:
    return None if moment is None else f"{moment:%H:%M}"
