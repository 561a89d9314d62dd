"""The days that stations closed, as this office was told: `PgDayWords`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from rekam.exchange.day_word import NO_WORD, DayWord, digest_of
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust import cbor
from rekam.trust.cose import peek1

__all__ = ["ClosedDay", "PgDayWords", "StationDays"]

_SQL = Queries.load("rekam.office", "day_words.sql")


@dataclass(frozen=True)
class ClosedDay:
    """The newest word of one station on one day; `held` of its `saved` recordings are in custody here."""

    station: str
    day: date
    closed: bool
    at: datetime
    saved: int
    held: int
    by: str
    reason: str


@dataclass(frozen=True)
class StationDays:
    """`closed`: the newest day that it closed, None for none; `came`: when its last recording came."""

    station: str
    closed: date | None
    came: datetime | None


class PgDayWords:
    """`DayWordStore` in the office's database."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def last(self, station: str, epoch: int) -> tuple[int, bytes]:
        """See `DayWordStore`."""
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.last, {"station": station, "epoch": epoch}).fetchone()
        return (int(row[0]), digest_of(bytes(row[1]))) if row else (0, NO_WORD)

    def find(self, station: str, epoch: int, n: int) -> bytes | None:
        """See `DayWordStore`."""
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.find, {"station": station, "epoch": epoch, "n": n}).fetchone()
        return bytes(row[0]) if row else None

    def put(self, word: DayWord, data: bytes) -> None:
        """See `DayWordStore`."""
        row = {
            "station": word.station,
            "epoch": word.epoch,
            "n": word.n,
            "day": date.fromisoformat(word.day),
            "what": word.what,
            "at": datetime.fromtimestamp(word.at_ms / 1000, UTC),
            "first": word.first,
            "last": word.last,
            "saved": word.counts.get("saved", 0),
            "data": data,
        }
        with self._pool.connection() as tx:
            tx.execute(_SQL.put, row)

    def newest(self, limit: int = 100) -> list[ClosedDay]:
        """Newest day first."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.newest_of_days, {"limit": limit}).fetchall()
        return [
            ClosedDay(station, day, what == "closed", at, saved, held, *_who(bytes(data)))
            for station, day, what, at, saved, data, held in rows
        ]

    def closed_after_stop(self) -> dict[tuple[str, date], str]:
        """Closed days whose word lies beyond the cut at which its signer was stopped (docs/adr/0055), with that name:
        the station had not heard it, or did not want to. What such a word counts is nobody's word.
        """
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.by_stopped).fetchall()
        said = [(station, day, _fields(bytes(data)), cuts) for station, day, data, cuts in rows]
        return {
            (station, day): word["name"]
            for station, day, word, cuts in said
            if any(subject == word["by"] and word["sequence"] > after for subject, after in cuts)
        }

    def stations(self) -> list[StationDays]:
        """Those that never closed a day first, then the longest ago."""
        with self._pool.connection() as connection:
            return [StationDays(*row) for row in connection.execute(_SQL.stations)]


def _who(data: bytes) -> tuple[str, str]:
    """Of a word that was verified when it came: who spoke, and why."""
    fields = _fields(data)
    return str(fields["name"]), str(fields["reason"])


def _fields(data: bytes) -> dict[str, Any]:
    return dict(cbor.decode(peek1(data, kind="rekam/day-word").payload))
