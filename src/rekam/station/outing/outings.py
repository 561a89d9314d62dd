"""The outings of this station's mobile unit, kept in its store: `Outings`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final, Self

from rekam.enrolment.errors import RekamError
from rekam.exchange.master import MasterData
from rekam.station.legal_time import legal_day
from rekam.station.outing.plan import OutingPlan
from rekam.station.store import StationStore
from rekam.trust import cbor
from rekam.trust.clock import LegalClock, TimeBasis

__all__ = ["AnotherIsOut", "Outing", "OutingClosed", "OutingState", "Outings", "UnknownOuting"]


class UnknownOuting(RekamError):
    """This station has no outing number {outing}. Nothing was changed. Choose one from the list of outings."""


class AnotherIsOut(RekamError):
    """The team is out at {place}, and one laptop is in one place only. Nothing was changed. Say there first that the
    team is back, then set out.
    """


class OutingClosed(RekamError):
    """The outing to {place} is closed, and its list is deleted; what was recorded is kept. Nothing was changed.
    Plan a new outing.
    """


class OutingState(StrEnum):
    """Where an outing stands; a person says each, no clock does."""

    PLANNED = "planned"
    OUT = "out"
    BACK = "back"
    CLOSED = "closed"


@dataclass(frozen=True)
class Outing:
    """`counts` of a closed one, empty before; moments are ISO UTC; `paper_at`: when the list of those who were not met
    was last made; `asked`: the edition of the offline check that the list was held against.
    """

    number: int
    plan: OutingPlan
    departed_at: str | None
    returned_at: str | None
    closed_at: str | None
    closed_by: str | None
    paper_at: str | None
    asked: str
    counts: Mapping[str, int]

    @property
    def state(self) -> OutingState:
        if self.closed_at:
            return OutingState.CLOSED
        if self.departed_at is None:
            return OutingState.PLANNED
        return OutingState.OUT if self.returned_at is None else OutingState.BACK

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> Self:
        number, place, village, first, last, opens, closes, team, vehicle, contact = row[:10]
        days = (date.fromisoformat(first), date.fromisoformat(last))
        hours = (time.fromisoformat(opens), time.fromisoformat(closes))
        plan = OutingPlan(place, village, *days, *hours, tuple(team.split("\n")), vehicle, contact)
        departed, returned, closed, closed_by, paper, asked, counts = row[10:]
        held = cbor.decode(counts) if counts else {}
        return cls(number, plan, departed, returned, closed, closed_by, paper, asked, held)


_PLAN: Final = tuple(each.name for each in fields(OutingPlan))
_COLUMNS: Final = f"outing, {', '.join(_PLAN)}, departed_at, returned_at, closed_at, closed_by, paper_at, asked, counts"
_BEYOND: Final = 1 << 31
"""No outing's number, and still one that the database can be asked for."""
_IS_OUT: Final = "departed_at IS NOT NULL AND returned_at IS NULL AND closed_at IS NULL"


class Outings:
    """Every change is durable when a method returns. Whoever is recorded while an outing is out was recorded on it:
    `saving` notes that with the recording.
    """

    def __init__(self, store: StationStore, legal: LegalClock, master: MasterData) -> None:
        self._store = store
        self._legal = legal
        self._master = master

    @property
    def today(self) -> date:
        """The legal date in the station's zone."""
        return legal_day(self._legal, self._store.identity().station)

    @property
    def certain(self) -> bool:
        """Whether today rests on more than the laptop's own clock."""
        return self._legal.now().basis is not TimeBasis.MACHINE

    def plan(self, plan: OutingPlan, *, by: str, once: str) -> Outing:
        """A new outing; sent twice, it is one. Raises what is wrong with the plan."""
        known = self._store.row("SELECT outing FROM outing WHERE once = ?", (once,))
        if known is None:
            checked = self._checked(plan)
            row = (once, *_row(checked), by, self._now())
            columns = f"once, {', '.join(_PLAN)}, planned_by, planned_at"
            with self._store.tx() as tx:
                tx.execute(f"INSERT INTO outing ({columns}) VALUES ({_marks(row)})", row)  # noqa: S608  # ours
                known = (tx.last_insert_rowid(),)
        return self.find(known[0])

    def change(self, number: int, plan: OutingPlan) -> Outing:
        """Another plan in its place. Raises `OutingClosed` and what is wrong with the plan."""
        self.require_open(number)
        row = _row(self._checked(plan))
        wanted = ", ".join(f"{name} = ?" for name in _PLAN)
        with self._store.tx() as tx:
            tx.execute(f"UPDATE outing SET {wanted} WHERE outing = ?", (*row, number))  # noqa: S608  # our columns
        return self.find(number)

    def find(self, number: int) -> Outing:
        """Raises `UnknownOuting`."""
        row = None
        if number < _BEYOND:
            row = self._store.row(f"SELECT {_COLUMNS} FROM outing WHERE outing = ?", (number,))  # noqa: S608  # ours
        if row is None:
            raise UnknownOuting(outing=number)
        return Outing.of_row(row)

    def require_open(self, number: int) -> Outing:
        """Raises `UnknownOuting`, `OutingClosed`."""
        outing = self.find(number)
        if outing.state is OutingState.CLOSED:
            raise OutingClosed(place=outing.plan.place)
        return outing

    def out(self) -> Outing | None:
        """The one that is under way; None while the team is at home."""
        row = self._store.row(f"SELECT {_COLUMNS} FROM outing WHERE {_IS_OUT}")  # noqa: S608  # ours
        return Outing.of_row(row) if row else None

    def open_ones(self) -> list[Outing]:
        """Those that are not closed, the earliest first."""
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM outing WHERE closed_at IS NULL ORDER BY first_day, outing"  # noqa: S608  # ours
        )
        return [Outing.of_row(row) for row in rows]

    def closed_ones(self, limit: int = 20) -> list[Outing]:
        """Newest first."""
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM outing WHERE closed_at IS NOT NULL ORDER BY outing DESC LIMIT ?",  # noqa: S608
            (limit,),
        )
        return [Outing.of_row(row) for row in rows]

    def depart(self, number: int) -> Outing:
        """The team sets out, or sets out again. Raises `AnotherIsOut`, `OutingClosed`."""
        with self._store.tx() as tx:
            outing, away = self.require_open(number), self.out()
            if away is not None and away.number != number:
                raise AnotherIsOut(place=away.plan.place)
            if outing.state is not OutingState.OUT:
                tx.execute(
                    "UPDATE outing SET departed_at = coalesce(departed_at, ?), returned_at = NULL, paper_at = NULL"
                    " WHERE outing = ?",
                    (self._now(), number),
                )
        return self.find(number)

    def come_back(self, number: int) -> Outing:
        """What is recorded from now on was recorded at home. Raises `OutingClosed`."""
        with self._store.tx() as tx:
            if self.require_open(number).state is OutingState.OUT:
                tx.execute("UPDATE outing SET returned_at = ? WHERE outing = ?", (self._now(), number))
        return self.find(number)

    def note_paper(self, number: int) -> None:
        """The list was handed over; what counts is that of those who were not met, made once the team is back."""
        if self.find(number).state is not OutingState.BACK:
            return
        with self._store.tx() as tx:
            tx.execute("UPDATE outing SET paper_at = ? WHERE outing = ?", (self._now(), number))

    def close(self, number: int, counts: Mapping[str, int], *, by: str) -> Outing:
        """For good: the counts stay, list and contact go, in one transaction. Raises `OutingClosed`."""
        with self._store.tx() as tx:
            outing = self.require_open(number)
            now = self._now()
            tx.execute("DELETE FROM expected WHERE outing = ?", (number,))
            tx.execute(
                "UPDATE outing SET closed_at = ?, closed_by = ?, counts = ?, contact = '', returned_at = ?"
                " WHERE outing = ?",
                (now, by, cbor.encode(dict(counts)), outing.returned_at or now, number),
            )
        return self.find(number)

    def recorded_at(self, number: int) -> list[datetime]:
        """When something was recorded on it, by the legal time, UTC, in order."""
        rows = self._store.rows(
            "SELECT saved_at FROM outing_recording WHERE outing = ? ORDER BY saved_at, rowid", (number,)
        )
        return [datetime.fromisoformat(at) for (at,) in rows]

    def _checked(self, plan: OutingPlan) -> OutingPlan:
        return plan.checked(self._master.reference().regions, self.today if self.certain else None)

    def _now(self) -> str:
        return self._legal.now().at.isoformat(timespec="seconds")


def _row(plan: OutingPlan) -> tuple[str, ...]:
    hours = (f"{plan.opens:%H:%M}", f"{plan.closes:%H:%M}")
    days = (plan.first_day.isoformat(), plan.last_day.isoformat())
    return (plan.place, plan.village, *days, *hours, "\n".join(plan.team), plan.vehicle, plan.contact)


def _marks(row: tuple[Any, ...]) -> str:
    return ", ".join("?" * len(row))
