"""The station's extract of the population register: `Residents`, looked up by NIK, by family card, by name."""

from collections.abc import Iterable

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import Nik
from rekam.station.store import StationStore
from rekam.trust import cbor

__all__ = ["NotInExtract", "Residents"]


class NotInExtract(RekamError):
    """NIK {nik} is not in this station's extract of the register. Nothing was changed. Check the number against the
    family card (KK); if it is right, the resident is registered elsewhere: ask the office for the record.
    """


class Residents:
    """Biodata of the districts this station serves; corrected through the family card only."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def load(self, people: Iterable[Biodata]) -> int:
        """Takes over an extract, in one transaction; the newest entry of a NIK counts."""
        rows = [
            (person.nik, person.kk, person.name, person.birth_date.isoformat(), cbor.encode(person.to_map()))
            for person in people
        ]
        with self._store.tx() as tx:
            tx.executemany("INSERT OR REPLACE INTO resident VALUES (?, ?, ?, ?, ?)", rows)
        return len(rows)

    def find(self, nik: str) -> Biodata:
        """Raises `InvalidNik` for a number that cannot be, `NotInExtract` for one that is not here."""
        row = self._store.row("SELECT biodata FROM resident WHERE nik = ?", (Nik.parse(nik),))
        if row is None:
            raise NotInExtract(nik=nik)
        return Biodata.from_map(cbor.decode(row[0]))

    def family(self, kk: str) -> list[Biodata]:
        """Everybody on one family card, eldest first."""
        rows = self._store.rows("SELECT biodata FROM resident WHERE kk = ? ORDER BY birth_date, nik", (kk,))
        return [Biodata.from_map(cbor.decode(row[0])) for row in rows]

    def search(self, text: str, *, limit: int = 20) -> list[Biodata]:
        """By a part of the NIK, the family card's number or the name, in alphabetical order."""
        wanted = text.strip().upper()
        if not wanted:
            return []
        digits = "".join(wanted.split())
        rows = self._store.rows(
            "SELECT biodata FROM resident WHERE name LIKE ?1 OR nik LIKE ?2 OR kk LIKE ?2 ORDER BY name, nik LIMIT ?3",
            (f"%{wanted}%", f"{digits}%", limit),
        )
        return [Biodata.from_map(cbor.decode(row[0])) for row in rows]
