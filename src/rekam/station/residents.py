"""The station's extract of the population register: `Residents`, by NIK, by family card, by birth date."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import Nik
from rekam.station.lookup.name_index import NameIndex, Told
from rekam.station.store import StationStore
from rekam.trust import cbor

__all__ = ["Head", "NotInExtract", "Residents"]

_PIECE: Final = 1000
_PUT: Final = (
    "INSERT INTO resident (nik, kk, name, birth_date, biodata) VALUES (?, ?, ?, ?, ?) ON CONFLICT (nik) DO UPDATE SET"
    " kk = excluded.kk, birth_date = excluded.birth_date, biodata = excluded.biodata, name = excluded.name,"
    " edition = CASE name WHEN excluded.name THEN edition ELSE 0 END"
)

Head = tuple[str, str, date]
"""NIK, name and birth date: enough to tell who is meant, without reading the rest of the biodata."""


class NotInExtract(RekamError):
    """NIK {nik} is not in this station's extract of the register. Nothing was changed. Check the number against the
    family card (KK); if it is right, the resident is registered elsewhere: ask the office for the record.
    """


class Residents:
    """Biodata of the districts this station serves; corrected through the family card only."""

    def __init__(self, store: StationStore) -> None:
        self._store = store
        self.names = NameIndex(store)

    def load(self, people: Iterable[Biodata], told: Told = lambda _done, _all: None) -> int:
        """Takes over an extract, in one transaction; the newest entry of a NIK counts. Then makes the index of names,
        of which `told` hears; what a cut leaves of that is made up for while the station is open.
        """
        loaded, waiting = 0, iter(people)
        with self._store.tx() as tx:
            while rows := [_row(person) for person in islice(waiting, _PIECE)]:
                self.names.forget(self._renamed(rows))
                tx.executemany(_PUT, rows)
                loaded += len(rows)
        self.names.catch_up(told)
        return loaded

    def _renamed(self, rows: list[tuple[Any, ...]]) -> list[tuple[str, str]]:
        """(NIK, name until now) of those who stand in the index under another name."""
        coming = {row[0]: row[2] for row in rows}
        known = self._store.rows(
            "SELECT nik, name FROM resident WHERE nik IN (SELECT value FROM json_each(?)) AND edition <> 0",
            (json.dumps([*coming]),),
        )
        return [(nik, name) for nik, name in known if coming[nik] != name]

    def count(self) -> int:
        return int(self._store.rows("SELECT count(*) FROM resident")[0][0])

    def find(self, nik: str) -> Biodata:
        """Raises `InvalidNik` for a number that cannot be, `NotInExtract` for one that is not here."""
        row = self._store.row("SELECT biodata FROM resident WHERE nik = ?", (Nik.parse(nik),))
        if row is None:
            raise NotInExtract(nik=nik)
        return Biodata.from_map(cbor.decode(row[0]))

    def among(self, niks: Iterable[str]) -> list[Biodata]:
        """Those of `niks` who are here, in their order."""
        wanted = [*niks]
        found = {
            str(one.nik): one for one in self._read("WHERE nik IN (SELECT value FROM json_each(?))", json.dumps(wanted))
        }
        return [found[nik] for nik in wanted if nik in found]

    def family(self, kk: str) -> list[Biodata]:
        """Everybody on one family card, eldest first."""
        return list(self._read("WHERE kk = ? ORDER BY birth_date, nik", kk))

    def named(self, niks: Iterable[str]) -> list[Head]:
        """The heads of those of `niks` who are here."""
        return self._heads("WHERE nik IN (SELECT value FROM json_each(?))", json.dumps([*niks]))

    def born(self, days: Iterable[date], *, limit: int) -> list[Head]:
        """The heads of those born on one of `days`."""
        wanted = json.dumps([day.isoformat() for day in days])
        return self._heads("WHERE birth_date IN (SELECT value FROM json_each(?)) LIMIT ?", wanted, limit)

    def living(self, *, village: str = "", rw: str = "", rt: str = "", born: tuple[date, date]) -> Iterator[Biodata]:
        """Who lives there (all of the extract where nothing is given) and was born from one day to the other, in the
        order of NIKs. Reads the whole extract, so it is for an errand, not for a page.
        """
        wanted = {name: value for name, value in (("village", village), ("rw", rw), ("rt", rt)) if value}
        # CBOR is deterministic: a field with its value is always the same bytes, so that only matches are decoded
        here = "".join(" AND instr(biodata, ?) > 0" for _ in wanted)
        marks = [cbor.encode(name) + cbor.encode(value) for name, value in wanted.items()]
        days = [day.isoformat() for day in born]
        found = self._read(f"WHERE birth_date BETWEEN ? AND ?{here} ORDER BY nik", *days, *marks)
        return (one for one in found if all(getattr(one, name) == value for name, value in wanted.items()))

    def _heads(self, clause: str, *parameters: Any) -> list[Head]:
        rows = self._store.rows(f"SELECT nik, name, birth_date FROM resident {clause}", parameters)  # noqa: S608  # ours
        return [(str(nik), str(name), date.fromisoformat(born)) for nik, name, born in rows]

    def search(self, digits: str, *, limit: int = 20) -> list[Biodata]:
        """Whose NIK begins with `digits`, in the order of NIKs; then those whose No. KK does, family by family."""
        beyond = digits + ":"  # follows the digit 9
        found = list(self._read("WHERE nik >= ? AND nik < ? ORDER BY nik LIMIT ?", digits, beyond, limit))
        if len(found) < limit:
            known = {person.nik for person in found}
            cards = self._read("WHERE kk >= ? AND kk < ? ORDER BY kk, birth_date, nik LIMIT ?", digits, beyond, limit)
            found += [person for person in cards if person.nik not in known]
        return found[:limit]

    def _read(self, clause: str, *parameters: Any) -> Iterator[Biodata]:
        rows = self._store.rows(f"SELECT biodata FROM resident {clause}", parameters)  # noqa: S608  # clauses are ours
        return (Biodata.from_map(cbor.decode(row[0])) for row in rows)


def _row(person: Biodata) -> tuple[Any, ...]:
    return person.nik, person.kk, person.name, person.birth_date.isoformat(), cbor.encode(person.to_map())
