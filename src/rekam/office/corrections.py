"""Corrections of biodata that an office's officials brought in, and who is to hear of them: `Corrections`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from rekam.enrolment.biodata import Biodata
from rekam.exchange.corrections import Correction, Note
from rekam.exchange.pg.register import Transaction
from rekam.office.legal_time import LegalDates
from rekam.office.population import SQL, Population
from rekam.storage.pool import Pool
from rekam.trust.random import Random

__all__ = ["Brought", "Corrections", "Entered", "Source", "Wanted"]

_PIECE: Final = 500
Source = Literal["form", "file", "command"]


@dataclass(frozen=True)
class Wanted:
    """How a resident is to stand from now on. `seen` is the version that whoever wants it looked at, 0 for what was
    provisioned or nobody; `confirms` sends it to the stations even where nothing differs: the card was right.
    """

    biodata: Biodata
    note: Note = Note.NONE
    since: date | None = None
    seen: int = 0
    confirms: bool = False

    def differs(self, now: Correction | None) -> bool:
        """From how the resident stands now."""
        return now is None or (self.biodata, self.note, self.since) != (now.biodata, now.note, now.since)


@dataclass(frozen=True)
class Brought:
    """What became of corrections that were brought: `taken`, the `same` as before, and the NIKs of those that somebody
    else had changed since they were looked at; those are as that other left them.
    """

    taken: int = 0
    same: int = 0
    outrun: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entered:
    """One correction as it was brought in, how many stations are to hear of it and how many have."""

    correction: Correction
    source: Source
    by: str
    at: datetime
    stations: int
    heard: int


class Corrections:
    """Every change is one transaction; what was brought in stays as it was brought."""

    def __init__(self, pool: Pool, population: Population, dates: LegalDates, random: Random) -> None:
        self.pool = pool
        self.population = population
        self.dates = dates
        self.random = random

    def now(self, niks: Iterable[str]) -> dict[str, Correction]:
        """Those of `niks` whom this office knows, as they stand now."""
        with self.pool.connection() as tx:
            return self.population.now(tx, niks)

    def hearers(self, biodata: Biodata) -> frozenset[str]:
        """Which stations will hear of this resident, beside those that were told before."""
        return self.population.hearers(biodata)

    def bring(
        self,
        wanted: Sequence[Wanted],
        by: str,
        source: Source,
        report: Callable[[int, int], object] = lambda _done, _all: None,
    ) -> Brought:
        """Take over what differs, all in one transaction; `by` is who answers for it. Again changes nothing."""
        taken, same = 0, 0
        outrun: list[str] = []
        with self.pool.connection() as tx:
            tx.execute(SQL.one_at_a_time)
            self.life(tx)
            at = self.dates.now().at
            ends: dict[str, int] = dict(tx.execute(SQL.ends).fetchall())
            version = max(tx.execute(SQL.highest).fetchall()[0][0], int(at.timestamp() * 1000) - 1)
            for first in range(0, len(wanted), _PIECE):
                piece = wanted[first : first + _PIECE]
                held = self.population.now(tx, (one.biodata.nik for one in piece))
                changed = []
                for one in piece:
                    before = held.get(one.biodata.nik)
                    if before is not None and before.version != one.seen:
                        outrun.append(one.biodata.nik)
                    elif not one.confirms and not one.differs(before):
                        same += 1
                    else:
                        version += 1
                        changed.append(Correction(version, one.biodata, one.note, one.since))
                self._put(tx, changed, by, source, at)
                self._tell(tx, changed, ends)
                taken += len(changed)
                report(min(first + _PIECE, len(wanted)), len(wanted))
        return Brought(taken, same, tuple(outrun))

    def newest(self, limit: int) -> list[Entered]:
        """The last that were brought in, newest first."""
        with self.pool.connection() as tx:
            rows = tx.execute(SQL.newest, {"limit": limit}).fetchall()
        return [
            Entered(self.population.open(bytes(who), bytes(sealed)), source, by, at, stations, heard)
            for _, who, sealed, source, by, at, stations, heard in rows
        ]

    def life(self, tx: Transaction) -> str:
        """The life of this database's feeds. It begins with telling every station again what was kept of an earlier
        database.
        """
        row = tx.execute(SQL.life).fetchone()
        if row is None:
            tx.execute(SQL.one_at_a_time)
            row = tx.execute(SQL.life).fetchone()
        if row is not None:
            return str(row[0])
        life = self._begin(tx)
        kept = tx.execute(SQL.every).fetchall()
        if kept:
            self._tell(tx, [self.population.open(bytes(who), bytes(sealed)) for who, sealed in kept], {})
        return life

    def another_life(self, tx: Transaction, *, than: str) -> str:
        """Every station hears everything again, from entry 1: this database was put back to an older image, and the
        numbers that it gave since mean something else at stations. `than` is the life that is left.
        """
        tx.execute(SQL.one_at_a_time)
        life = self.life(tx)
        return self._begin(tx) if life == than else life

    def _begin(self, tx: Transaction) -> str:
        life = self.random.bytes(16).hex()
        tx.execute(SQL.begin_life, {"life": life})
        return life

    def _tell(self, tx: Transaction, changed: Sequence[Correction], ends: dict[str, int]) -> None:
        """Queue corrections for the stations that must hear of them; `ends`, their last numbers so far, go on."""
        niks = {self.population.who(one.biodata.nik): one.biodata.nik for one in changed}
        before: dict[str, set[str]] = {}
        for who, station in tx.execute(SQL.told, {"who": [*niks]}):
            before.setdefault(niks[bytes(who)], set()).add(station)
        rows = []
        for one in changed:
            for station in sorted(self.population.hearers(one.biodata) | before.get(one.biodata.nik, set())):
                ends[station] = ends.get(station, 0) + 1
                rows.append({"station": station, "n": ends[station], "version": one.version})
        tx.cursor().executemany(SQL.tell, rows)

    def _put(self, tx: Transaction, changed: Sequence[Correction], by: str, source: Source, at: datetime) -> None:
        people = self.population
        rows = [
            {"version": one.version, "who": people.who(one.biodata.nik), "sealed": people.seal(one)} for one in changed
        ]
        tx.cursor().executemany(SQL.put, [row | {"source": source, "by": by, "at": at} for row in rows])
