"""What an installation that ended left on days that nobody closed, and an official's word on it: `DayRests` (ADR 0054).

Its supervisors can say nothing more: the key is withdrawn. What the office can prove is which numbers its fence vouches
for, which of them lie on closed days, and which are here.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.pg.register import Transaction
from rekam.exchange.ranges import Ranges
from rekam.office.legal_time import LegalDates
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries

__all__ = ["DayRest", "DayRests", "NothingLeftOpen", "RestClosed", "RestNeedsNote"]

_SQL: Final = Queries.load("rekam.office", "day_rests.sql")


class RestNeedsNote(RekamError):
    """The rest of an installation is closed with a note in your own words: what is known of those days. Nothing was
    changed. Write it, without names of residents, then close the rest.
    """


class NothingLeftOpen(RekamError):
    """Installation {epoch} of station {station} left no day open here: its key still counts, or each of its numbers
    lies on a day that was closed. Nothing was changed. Look at the list again.
    """


@dataclass(frozen=True)
class RestClosed:
    """What an official closed: the `numbers` and which of them had `arrived` by then."""

    numbers: Ranges
    arrived: Ranges
    at: datetime
    by: str
    note: str


@dataclass(frozen=True)
class DayRest:
    """`numbers` up to the fence that lie on no closed day, as they stand now; `arrived` of them are here, `forks` under
    more than one content. `reason` is why the key was withdrawn, at `ended_at`.
    """

    station: str
    epoch: int
    reason: str
    ended_at: datetime
    numbers: Ranges
    arrived: Ranges
    forks: Ranges
    closed: RestClosed | None

    @property
    def missing(self) -> Ranges:
        """Known to have existed and not here; of a rest that was closed, of what was closed then."""
        return (self.closed.numbers if self.closed else self.numbers) - self.arrived

    @property
    def come_since(self) -> Ranges:
        """Here now, and missing when an official closed the rest."""
        return (self.closed.numbers - self.closed.arrived) & self.arrived if self.closed else Ranges()


class DayRests:
    """Nothing of a packet or of a day word changes by it."""

    def __init__(self, pool: Pool, dates: LegalDates) -> None:
        self._pool = pool
        self._dates = dates

    def listed(self) -> list[DayRest]:
        """Those that wait for an official first, the newest first; who left nothing open is left out."""
        with self._pool.connection() as tx:
            rests = _rests(tx)
        return sorted(rests, key=lambda rest: rest.closed is not None)

    def close(self, station: str, epoch: int, *, by: str, note: str) -> DayRest:
        """An official's word on the numbers as they stand; a second one changes nothing. Raises `RestNeedsNote`,
        `NothingLeftOpen`.
        """
        if not note.strip():
            raise RestNeedsNote
        with self._pool.connection() as tx:
            for rest in _rests(tx, station, epoch):
                row = {"station": station, "epoch": epoch, "by": by, "note": note.strip(), "at": self._dates.now().at}
                runs = {"numbers": json.dumps(rest.numbers.plain()), "arrived": json.dumps(rest.arrived.plain())}
                if rest.closed is None:
                    tx.execute(_SQL.close, row | runs)
            closed = _rests(tx, station, epoch)
        if not closed:
            raise NothingLeftOpen(station=station, epoch=epoch)
        return closed[0]


def _rests(tx: Transaction, station: str = "", epoch: int = 0) -> list[DayRest]:
    rows = tx.execute(_SQL.ended, {"station": station, "epoch": epoch}).fetchall()
    found = [_rest(tx, *row) for row in rows]
    return [rest for rest in found if rest.numbers or rest.closed]


def _rest(
    tx: Transaction, station: str, epoch: int, after: int, reason: str, ended_at: datetime, *closed: Any
) -> DayRest:
    of_epoch = {"station": station, "epoch": epoch, "after": after}
    open_ones = Ranges.upto(after)
    for run in tx.execute(_SQL.closed, of_epoch):
        open_ones -= Ranges((run,))
    held = tx.execute(_SQL.held, of_epoch).fetchall()
    said = None
    if closed[0] is not None:
        numbers, arrived, *rest = closed
        said = RestClosed(Ranges.parse(json.loads(numbers)), Ranges.parse(json.loads(arrived)), *rest)
    of_interest = said.numbers if said else open_ones
    return DayRest(
        station,
        epoch,
        reason,
        ended_at,
        open_ones,
        Ranges.of(sequence for sequence, _ in held) & of_interest,
        Ranges.of(sequence for sequence, contents in held if contents > 1) & of_interest,
        said,
    )
