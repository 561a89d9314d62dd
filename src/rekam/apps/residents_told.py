"""The made-up residents of a demo country, told to whoever tries it: `write_residents`, `residents_to_try`."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.eligibility import wajib_ktp
from rekam.storage.whole_file import write_whole

__all__ = ["ToTry", "residents_to_try", "write_residents"]

_FILE: Final = "residents.csv"


class ToTry(NamedTuple):
    """What one types at a counter to find somebody; the columns of the file."""

    nik: str
    name: str
    birth_date: str
    kk: str


def write_residents(data: Path, people: Sequence[Biodata], recorded: Sequence[str], on: date) -> None:
    """Whoever is wajib KTP on that day, as CSV; those said to be recorded elsewhere already come last. None is real."""
    adults = [one for one in people if wajib_ktp(one.birth_date, one.ever_married, on)]
    adults.sort(key=lambda one: one.nik in recorded)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(ToTry._fields)
    table.writerows(ToTry(one.nik, one.name, f"{one.birth_date:%d-%m-%Y}", one.kk) for one in adults)
    write_whole(data / _FILE, text.getvalue().encode())


def residents_to_try(data: Path, most: int = 3) -> tuple[Path, list[ToTry]]:
    """The file and the first of it; nobody where there is no file, as in a country that a plan of one's own made."""
    file = data / _FILE
    try:
        rows = csv.reader(io.StringIO(file.read_text()))
        next(rows, None)
        return file, [ToTry(*row) for row, _ in zip(rows, range(most), strict=False)]
    except (OSError, ValueError, TypeError):
        return file, []
