"""What this station recorded, with every receipt and result that came back: `Recordings`."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import ExceptionReason, SampleException, Slot
from rekam.enrolment.status import Status
from rekam.station.store import StationStore
from rekam.trust import cbor

__all__ = ["Particulars", "Recording", "Recordings", "UnknownRecording", "wanted"]

_COLUMNS: Final = (
    "packet_id, number, sitting_id, nik, name, operator, saved_at, salt, size,"
    " custody_at, accepted_at, status, status_at, reason,"
    " (SELECT o.reason FROM outbox o WHERE o.packet_id = recording.packet_id AND o.code IS NOT NULL)"
)
_EARLIER: Final = "recording.rowid < (SELECT seen.rowid FROM recording seen WHERE seen.packet_id = ?)"
_NIK_DIGITS: Final = 16
_SEQUENCE_DIGITS: Final = 6


_TICKET: Final = re.compile(r"(?P<prefix>[A-Z])-?(?P<number>\d{1,4})")
_OF_TICKET: Final = (
    "WHERE sitting_id IN (SELECT sitting_id FROM ticket_event WHERE what = 'bound' AND prefix = ? AND number = ?"
    " AND day = (SELECT day FROM service_day ORDER BY opening DESC LIMIT 1))"
)


class UnknownRecording(RekamError):
    """This station has no recording {packet_id}. Nothing was changed. Look for the resident by NIK or name."""


@dataclass(frozen=True)
class Recording:
    """One saved sitting. `custody_at` and `accepted_at` are when the office and the centre confirmed it (ISO UTC),
    None before; `aside` is why the office refused it, None unless it is set aside. What papers need of it stands in its
    `Particulars`.
    """

    packet_id: str
    number: str
    sitting_id: str
    nik: str
    name: str
    operator: str
    saved_at: str
    salt: bytes
    size: int
    custody_at: str | None
    accepted_at: str | None
    status: Status
    status_at: str
    reason: str
    aside: str | None = None


@dataclass(frozen=True)
class Particulars:
    """What papers need of a saved sitting, as it was sealed; kept apart because of the photo's size."""

    biodata: Biodata
    photo: bytes | None = field(repr=False)
    exceptions: tuple[SampleException, ...]


class Recordings:
    """Reads of the `recording` table; `saving`, the outbox and the feed write it."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def find(self, packet_id: str) -> Recording:
        """Raises `UnknownRecording`."""
        found = self._select("WHERE packet_id = ?", packet_id)
        if not found:
            raise UnknownRecording(packet_id=packet_id)
        return found[0]

    def particulars(self, packet_id: str) -> Particulars:
        """Raises `UnknownRecording`."""
        row = self._store.row("SELECT summary FROM recording WHERE packet_id = ?", (packet_id,))
        if row is None:
            raise UnknownRecording(packet_id=packet_id)
        held = cbor.decode(row[0])
        exceptions = tuple(
            SampleException(Slot.parse(slot), ExceptionReason(reason), attempts, best, by, note)
            for slot, reason, attempts, best, by, note in held["exceptions"]
        )
        return Particulars(Biodata.from_map(held["biodata"]), held["photo"], exceptions)

    def of_sitting(self, sitting_id: str) -> Recording | None:
        return next(iter(self._select("WHERE sitting_id = ?", sitting_id)), None)

    def of_nik(self, nik: str) -> list[Recording]:
        """Newest first."""
        return self._select("WHERE nik = ? ORDER BY rowid DESC", nik)

    def newest_of(self, niks: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Packet number and moment of the newest recording of each of `niks` who has one."""
        rows = self._store.rows(
            "SELECT nik, number, saved_at FROM recording WHERE nik IN (SELECT value FROM json_each(?)) ORDER BY rowid",
            (json.dumps([*niks]),),
        )
        return {nik: (number, at) for nik, number, at in rows}

    def search(self, text: str = "", *, limit: int = 200, before: str = "") -> list[Recording]:
        """By NIK or its beginning, packet number or its last figures, a number of the queue of the service day in force
        (``A-012``), or words of the name; newest first. `before`: the packet id of the last one of the page before.
        """
        clause, parameters = wanted(text)
        if before:
            clause = f"{clause} {'AND' if clause else 'WHERE'} {_EARLIER}"
            parameters += (before,)
        return self._select(f"{clause} ORDER BY rowid DESC LIMIT ?", *parameters, limit)

    def waiting(self, limit: int) -> list[Recording]:
        """What has no custody receipt and is not set aside, oldest first."""
        return self._of_outbox("code IS NULL", limit)

    def set_aside(self, limit: int) -> list[Recording]:
        """What the office refused, oldest first."""
        return self._of_outbox("code IS NOT NULL", limit)

    def count(self) -> int:
        return int((self._store.row("SELECT count(*) FROM recording") or (0,))[0])

    def _of_outbox(self, which: str, limit: int) -> list[Recording]:
        rows = self._store.rows(
            f"SELECT packet_id FROM outbox WHERE {which} ORDER BY position LIMIT ?",  # noqa: S608  # ours
            (limit,),
        )
        return [self.find(packet_id) for (packet_id,) in rows]

    def _select(self, clause: str, *parameters: Any) -> list[Recording]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM recording {clause}", parameters)  # noqa: S608  # clauses are ours
        return [_recording(row) for row in rows]


def wanted(text: str) -> tuple[str, tuple[Any, ...]]:
    """A clause over indexes alone: rows hold photos, and no search may read through them."""
    typed = text.strip().upper()
    figures = "".join(typed.replace(".", " ").split())
    if not typed:
        return "", ()
    if "/" in typed:
        return "WHERE number = ?", (_whole_number(typed),)
    if figures.isdecimal():
        return _by_figures(figures)
    if ticket := _TICKET.fullmatch(figures):
        return _OF_TICKET, (ticket["prefix"], int(ticket["number"]))
    parts = typed.split()
    named = " AND ".join("instr(upper(name), ?) > 0" for _ in parts)
    return f"WHERE rowid IN (SELECT rowid FROM recording WHERE {named})", tuple(parts)  # noqa: S608  # only marks


def _by_figures(figures: str) -> tuple[str, tuple[Any, ...]]:
    if len(figures) >= _NIK_DIGITS:
        return "WHERE nik = ?", (figures,)
    begins = "nik >= ? AND nik < ?"
    if len(figures) <= _SEQUENCE_DIGITS:
        return f"WHERE (sequence = ? OR {begins})", (int(figures), figures, f"{figures}:")
    return f"WHERE {begins}", (figures, f"{figures}:")


def _whole_number(text: str) -> str:
    """``317401-01/1/42`` as it is written in full: ``317401-01/1/000042``."""
    head, _, sequence = "".join(text.split()).rpartition("/")
    return f"{head}/{sequence.zfill(_SEQUENCE_DIGITS)}"


_NAMES: Final = tuple(each.name for each in fields(Recording))


def _recording(row: tuple[Any, ...]) -> Recording:
    held = dict(zip(_NAMES, row, strict=True))
    return Recording(**{**held, "status": Status(held["status"])})
