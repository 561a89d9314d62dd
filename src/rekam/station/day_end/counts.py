"""What was done on one day, counted from the rows: `DayCounts`, `count_day`."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from rekam.station.store import StationStore

__all__ = ["DayCounts", "Span", "count_day", "left_open", "span_of"]

_LOOK_BACK: Final = timedelta(days=60)


@dataclass(frozen=True)
class Span:
    """A day in the station's zone, as the moments (ISO UTC) between which its rows stand."""

    start: str
    end: str


@dataclass(frozen=True)
class DayCounts:
    """``open_before + begun = saved + abandoned + open_after``: every sitting of the day ended in one of these ways.

    `excepted`: recordings with exceptions; `forced`: recordings with a sample kept below the quality asked for;
    `reprints` among the papers; `unsent` of the day's recordings, `waiting` of all; `away`: of the
    day's recordings those on an outing of the mobile unit; `first`, `last`: their sequences.
    """

    open_before: int
    begun: int
    saved: int
    abandoned: int
    open_after: int
    excepted: int
    forced: int
    proofs: int
    letters: int
    reprints: int
    tickets: int
    unsent: int
    waiting: int
    set_aside: int
    away: int = 0
    first: int = 0
    last: int = 0

    @property
    def adds_up(self) -> bool:
        """Else a row was changed behind the station's back."""
        return self.open_before + self.begun == self.saved + self.abandoned + self.open_after

    def to_map(self) -> dict[str, int]:
        """The counts alone, as they are signed."""
        return {name: count for name, count in asdict(self).items() if name not in {"first", "last"}}


def span_of(day: date, zone: timezone) -> Span:
    """Midnight to midnight."""
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    return Span(*(at.isoformat(timespec="seconds") for at in (start, start + timedelta(days=1))))


_COUNTS: Final = """
SELECT
 (SELECT count(*) FROM draft WHERE opened_at < ?1)
  + (SELECT count(*) FROM tally WHERE saved_at >= ?1 AND opened_at < ?1)
  + (SELECT count(*) FROM abandoned WHERE at >= ?1 AND opened_at < ?1),
 (SELECT count(*) FROM draft WHERE opened_at >= ?1 AND opened_at < ?2)
  + (SELECT count(*) FROM tally WHERE opened_at >= ?1 AND opened_at < ?2)
  + (SELECT count(*) FROM abandoned WHERE at >= ?1 AND opened_at >= ?1 AND opened_at < ?2),
 (SELECT count(*) FROM tally WHERE saved_at >= ?1 AND saved_at < ?2),
 (SELECT count(*) FROM abandoned WHERE at >= ?1 AND at < ?2),
 (SELECT count(*) FROM draft WHERE opened_at < ?2)
  + (SELECT count(*) FROM tally WHERE saved_at >= ?2 AND opened_at < ?2)
  + (SELECT count(*) FROM abandoned WHERE at >= ?2 AND opened_at < ?2),
 (SELECT count(*) FROM tally WHERE saved_at >= ?1 AND saved_at < ?2 AND exceptions > 0),
 (SELECT count(*) FROM tally WHERE saved_at >= ?1 AND saved_at < ?2 AND forced > 0),
 (SELECT count(*) FROM paper WHERE at >= ?1 AND at < ?2 AND kind = 'proof'),
 (SELECT count(*) FROM paper WHERE at >= ?1 AND at < ?2 AND kind = 'suket'),
 (SELECT count(*) FROM paper WHERE at >= ?1 AND at < ?2 AND copy > 1),
 (SELECT count(*) FROM ticket WHERE day = ?3),
 (SELECT count(*) FROM tally JOIN outbox USING (packet_id) WHERE saved_at >= ?1 AND saved_at < ?2),
 (SELECT count(*) FROM outbox),
 (SELECT count(*) FROM outbox WHERE code IS NOT NULL),
 (SELECT count(*) FROM outing_recording WHERE saved_at >= ?1 AND saved_at < ?2),
 (SELECT coalesce(min(sequence), 0) FROM tally WHERE saved_at >= ?1 AND saved_at < ?2),
 (SELECT coalesce(max(sequence), 0) FROM tally WHERE saved_at >= ?1 AND saved_at < ?2)
"""


def count_day(store: StationStore, day: date, zone: timezone) -> DayCounts:
    """In one read, so that nothing is saved between two of the counts."""
    span = span_of(day, zone)
    return DayCounts(*store.rows(_COUNTS, (span.start, span.end, day.isoformat()))[0])


_LEFT_OPEN: Final = """
SELECT value ->> 0 AS day FROM json_each(?) WHERE (
  EXISTS (SELECT 1 FROM tally WHERE saved_at >= value ->> 1 AND saved_at < value ->> 2)
  OR EXISTS (SELECT 1 FROM abandoned WHERE at >= value ->> 1 AND at < value ->> 2)
) AND (SELECT what FROM day_word w WHERE w.day = value ->> 0 ORDER BY n DESC LIMIT 1) IS NOT 'closed'
"""
"""Some look-ups in indexes a day, however much was recorded: the start page asks it."""


def left_open(store: StationStore, before: date, zone: timezone) -> list[date]:
    """The days of the last two months before `before` on which something was saved or ended and which nobody closed,
    oldest first.
    """
    days = [before - timedelta(days=back) for back in range(_LOOK_BACK.days, 0, -1)]
    asked = [[day.isoformat(), span.start, span.end] for day in days if (span := span_of(day, zone))]
    return [date.fromisoformat(day) for (day,) in store.rows(_LEFT_OPEN, (json.dumps(asked),))]
