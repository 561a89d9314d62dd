"""What this station recorded, with every receipt and result that came back: `Recordings`."""

from dataclasses import dataclass, field
from typing import Any, Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import ExceptionReason, SampleException, Slot
from rekam.enrolment.status import Status
from rekam.station.store import StationStore
from rekam.trust import cbor

__all__ = ["Particulars", "Recording", "Recordings", "UnknownRecording"]

_COLUMNS: Final = (
    "packet_id, number, sitting_id, nik, name, operator, saved_at, salt, size,"
    " custody_at, accepted_at, status, status_at, reason"
)


class UnknownRecording(RekamError):
    """This station has no recording {packet_id}. Nothing was changed. Look for the resident by NIK or name."""


@dataclass(frozen=True)
class Recording:
    """One saved sitting. `custody_at` and `accepted_at` are when the office and the centre confirmed it (ISO UTC),
    None before. What papers need of it stands in its `Particulars`.
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

    def search(self, text: str = "", *, limit: int = 200) -> list[Recording]:
        """By NIK, number or a part of the name; newest first."""
        wanted = f"%{text.strip().upper()}%"
        clause = "WHERE upper(name) LIKE ? OR nik LIKE ? OR number LIKE ? ORDER BY rowid DESC LIMIT ?"
        return self._select(clause, wanted, wanted, wanted, limit)

    def count(self) -> int:
        return int((self._store.row("SELECT count(*) FROM recording") or (0,))[0])

    def _select(self, clause: str, *parameters: Any) -> list[Recording]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM recording {clause}", parameters)  # noqa: S608  # clauses are ours
        return [_recording(row) for row in rows]


def _recording(row: tuple[Any, ...]) -> Recording:
    names = [column.strip() for column in _COLUMNS.split(",")]
    fields = dict(zip(names, row, strict=True))
    fields["status"] = Status(fields["status"])
    return Recording(**fields)
