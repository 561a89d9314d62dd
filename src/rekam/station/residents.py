"""The station's extract of the population register: `Residents`, by NIK, by family card, by birth date."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final, NamedTuple

import cbor2

from rekam.enrolment.biodata import Biodata, was_married
from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import Nik
from rekam.exchange.corrections import Correction, Note
from rekam.station.lookup import name_index
from rekam.station.lookup.name_index import NameIndex
from rekam.station.store import StationStore
from rekam.trust import cbor

__all__ = ["Head", "Heard", "Neighbour", "NotInExtract", "Residents", "Told"]

_PIECE: Final = 1000
_PUT: Final = (
    "INSERT INTO resident (nik, kk, name, birth_date, village, biodata) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (nik) DO UPDATE SET kk = excluded.kk, birth_date = excluded.birth_date, village = excluded.village,"
    " biodata = excluded.biodata, name = excluded.name,"
    " edition = CASE name WHEN excluded.name THEN edition ELSE 0 END WHERE resident.version = 0"
)
_CORRECT: Final = (
    "INSERT INTO resident (nik, kk, name, birth_date, village, biodata, version, note, since, told_at, signed)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (nik) DO UPDATE SET"
    " kk = excluded.kk, birth_date = excluded.birth_date, village = excluded.village, biodata = excluded.biodata,"
    " name = excluded.name,"
    " edition = CASE name WHEN excluded.name THEN edition ELSE 0 END, version = excluded.version,"
    " note = excluded.note, since = excluded.since, told_at = excluded.told_at, signed = excluded.signed"
    " WHERE excluded.version > resident.version"
)

Head = tuple[str, str, date]
"""NIK, name and birth date: enough to tell who is meant, without reading the rest of the biodata."""


class NotInExtract(RekamError):
    """NIK {nik} is not in this station's extract of the register. Nothing was changed. Check the number against the
    family card (KK); if it is right, the resident is registered elsewhere: ask the office for the record.
    """


@dataclass(frozen=True)
class Told:
    """What the office said of a resident since the station was set up. `at`: when it came here, legal time, ISO;
    `note` and `since` as `Correction` has them.
    """

    version: int
    at: str
    note: Note = Note.NONE
    since: date | None = None


class Heard(NamedTuple):
    """A correction, and the bytes in which its office signed it: evidence for the centre."""

    correction: Correction
    signed: bytes


class Neighbour(NamedTuple):
    """Who lives somewhere: of the biodata what a list of whom to expect needs."""

    nik: str
    name: str
    birth_date: date
    village: str
    rw: str
    rt: str
    ever_married: bool
    itap_until: date | None


class Residents:
    """Biodata of the districts this station serves; corrected through the family card only."""

    def __init__(self, store: StationStore) -> None:
        self._store = store
        self.names = NameIndex(store)

    def load(self, people: Iterable[Biodata], told: name_index.Told = lambda _done, _all: None) -> int:
        """Takes over an extract, in one transaction; the newest entry of a NIK counts, and what the office corrected
        since stays. Then makes the index of names, of which `told` hears; what a cut leaves of that is made up for
        while the station is open.
        """
        loaded, waiting = 0, iter(people)
        with self._store.tx() as tx:
            while rows := [_row(person) for person in islice(waiting, _PIECE)]:
                self.names.forget(self._renamed({row[0]: (row[2], 1) for row in rows}))
                tx.executemany(_PUT, rows)
                loaded += len(rows)
        self.names.catch_up(told)
        return loaded

    def correct(self, heard: Iterable[Heard], at: str) -> int:
        """Part of a transaction: takes over what is newer than what is here, by its version, and returns of how many
        residents. They are found under their new names once the index has caught up.
        """
        newest: dict[str, Heard] = {}
        for each in heard:
            held = newest.get(each.correction.biodata.nik)
            if held is None or each.correction.version > held.correction.version:
                newest[each.correction.biodata.nik] = each
        rows = [(*_row(one.biodata), *_told(one, at), signed) for one, signed in newest.values()]
        names = {nik: (one.biodata.name, one.version) for nik, (one, _) in newest.items()}
        with self._store.tx() as tx:
            self.names.forget(self._renamed(names))
            tx.executemany(_CORRECT, rows)
        return len(rows)

    def told(self, nik: str) -> Told | None:
        """What the office said of this resident since, None where it said nothing."""
        row = self._store.row(
            "SELECT version, told_at, note, since FROM resident WHERE nik = ? AND version > 0", (nik,)
        )
        if row is None:
            return None
        version, at, note, since = row
        return Told(int(version), str(at), Note(note), date.fromisoformat(since) if since else None)

    def signed(self, biodata: Biodata) -> bytes | None:
        """The office's signed correction that says exactly this of the resident, None where there is none."""
        row = self._store.row(
            "SELECT signed FROM resident WHERE nik = ? AND biodata = ?", (biodata.nik, cbor.encode(biodata.to_map()))
        )
        return row[0] if row else None

    def noted(self, niks: Iterable[str]) -> dict[str, Note]:
        """The notes of those of `niks` who have one."""
        rows = self._store.rows(
            "SELECT nik, note FROM resident WHERE nik IN (SELECT value FROM json_each(?)) AND note <> ''",
            (json.dumps([*niks]),),
        )
        return {str(nik): Note(note) for nik, note in rows}

    def newest_version(self) -> int:
        """Of all corrections that are here; 0 where there are none."""
        return int(self._store.rows("SELECT coalesce(max(version), 0) FROM resident WHERE version > 0")[0][0])

    def _renamed(self, coming: dict[str, tuple[str, int]]) -> list[tuple[str, str]]:
        """(NIK, name until now) of those in the index whom `coming`, NIK -> (name, version), gives another name."""
        known = self._store.rows(
            "SELECT nik, name, version FROM resident WHERE nik IN (SELECT value FROM json_each(?)) AND edition <> 0",
            (json.dumps([*coming]),),
        )
        return [(nik, name) for nik, name, version in known if coming[nik][0] != name and coming[nik][1] > version]

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

    def living(self, *, village: str = "", rw: str = "", rt: str = "", born: tuple[date, date]) -> Iterator[Neighbour]:
        """Who lives there (all of the extract where nothing is given) and was born from one day to the other, in the
        order of NIKs; nobody of whom the office said that they died or moved away.
        """
        # by the village's index where there is a village, never by that of birth dates: it would leap through the file
        where, there = ("village = ? AND", (village,)) if village else ("", ())
        days = [day.isoformat() for day in born]
        rows = self._store.rows(
            f"SELECT biodata FROM resident WHERE {where} +birth_date BETWEEN ? AND ? AND note = ''"  # noqa: S608  # ours
            " ORDER BY nik",
            (*there, *days),
        )
        held = (cbor2.loads(row[0]) for row in rows)  # written here, so that it need not be proved to be canonical
        return (_neighbour(one) for one in held if rw in {"", one["rw"]} and rt in {"", one["rt"]})

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
    born, held = person.birth_date.isoformat(), cbor.encode(person.to_map())
    return person.nik, person.kk, person.name, born, person.village, held


def _neighbour(held: Mapping[str, Any]) -> Neighbour:
    until = held.get("itap_until")
    return Neighbour(
        held["nik"],
        held["name"],
        date.fromisoformat(held["birth_date"]),
        held["village"],
        held["rw"],
        held["rt"],
        was_married(held["marital_status"]),
        date.fromisoformat(until) if until else None,
    )


def _told(one: Correction, at: str) -> tuple[Any, ...]:
    return one.version, str(one.note), one.since.isoformat() if one.since else "", at
