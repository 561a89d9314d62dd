"""Many residents from a file, looked at before anything is changed: `read_rows`, `propose`."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import Nik
from rekam.enrolment.reference import Reference
from rekam.exchange.corrections import Correction
from rekam.office.corrections import Corrections, Wanted
from rekam.office.proposal import Changes, Proposal, Proposed, Refused
from rekam.office.resident_values import Line, put, shown

__all__ = ["FILE_BYTES", "ResidentFileUnusable", "propose", "read_rows"]

FILE_BYTES: Final = 32 << 20
_MOST_ROWS: Final = 100_000
_PIECE: Final = 1000
_SEPARATORS: Final = ",;\t"
Row = tuple[int, Mapping[Line, str]]
"""What stands in one line of the file, by its number from 1, so that people find it; in JSON its place in the list."""


class ResidentFileUnusable(RekamError):
    """This file cannot be used ({reason}). Nothing was changed. Bring CSV with the names of the columns in its first
    row, or JSON with a list of residents, of at most 32 MB and 100,000 rows; the runbook names the columns.
    """


class NikTwice(RekamError):
    """This NIK stands in row {row} already, and that row counts. Compare both; bring the right one by itself."""


class NikMissing(RekamError):
    """This row has no NIK, so nobody can be found by it. Nothing of it is changed. Write the NIK as text."""


def read_rows(data: bytes) -> list[Row]:
    """Raises `ResidentFileUnusable`; what single rows hold is not looked at."""
    if len(data) > FILE_BYTES:
        raise ResidentFileUnusable(reason="it is too large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ResidentFileUnusable(reason="it is no text in UTF-8") from None
    rows = _of_json(text) if text.lstrip().startswith(("[", "{")) else _of_csv(text)
    if not rows:
        raise ResidentFileUnusable(reason="it holds nobody")
    if len(rows) > _MOST_ROWS:
        raise ResidentFileUnusable(reason="it has too many rows")
    return rows


def propose(
    rows: Sequence[Row],
    corrections: Corrections,
    reference: Reference,
    on: date,
    report: Callable[[int, int], object] = lambda _done, _all: None,
) -> Proposal:
    """What bringing `rows` in would do; changes nothing. `report` hears how many rows are looked at, of how many."""
    changes = Changes()
    refused: list[Refused] = []
    first: dict[str, int] = {}
    new = same = 0
    held: Mapping[str, Correction] = {}
    for at, (number, row) in enumerate(rows):
        if at % _PIECE == 0:
            report(at, len(rows))
            held = corrections.now(_niks(rows[at : at + _PIECE]))
        said = row.get(Line.NIK, "")
        try:
            nik = _nik(said)
            if nik in first:
                raise NikTwice(row=first[nik])  # told like any other trouble of a row
            first[nik] = number
            now = held.get(nik)
            wanted = put(row, now, reference, on)
            if wanted.differs(now):
                changes.add(Proposed(number, wanted, now, _differing(now, wanted, reference)))
                new += now is None
            else:
                same += 1
        except RekamError as problem:
            refused.append(Refused(number, said, problem))
    return Proposal(changes, new, same, tuple(refused))


def _differing(now: Correction | None, wanted: Wanted, reference: Reference) -> tuple[tuple[Line, str, str], ...]:
    after = shown(Correction(0, wanted.biodata, wanted.note, wanted.since), reference)
    before = shown(now, reference) if now else {}
    return tuple((line, before.get(line, ""), text) for line, text in after.items() if before.get(line, "") != text)


def _niks(rows: Iterable[Row]) -> list[str]:
    found: list[str] = []
    for _, row in rows:
        try:
            found.append(_nik(row.get(Line.NIK, "")))
        except RekamError:
            continue  # told with its row
    return found


def _nik(said: str) -> Nik:
    if not said.strip():
        raise NikMissing
    return Nik.parse(said)


def _of_csv(text: str) -> list[Row]:
    head, _, _ = text.partition("\n")
    separator = max(_SEPARATORS, key=head.count)
    try:
        lines = csv.reader(text.splitlines(), delimiter=separator, strict=True)
        read = [(lines.line_num, cells) for cells in lines]
    except csv.Error:
        raise ResidentFileUnusable(reason="its quotes do not fit") from None
    columns = [_line(name) for name in read[0][1]] if read else []
    if Line.NIK not in columns:
        raise ResidentFileUnusable(reason="no column nik")
    return [
        (number, {line: cell for line, cell in zip(columns, cells, strict=False) if line is not None})
        for number, cells in read[1:]
        if any(cell.strip() for cell in cells)
    ]


def _of_json(text: str) -> list[Row]:
    try:
        read: Any = json.loads(text)
    except ValueError:
        raise ResidentFileUnusable(reason="it is no JSON") from None
    if not isinstance(read, list) or not all(isinstance(one, dict) for one in read):
        raise ResidentFileUnusable(reason="it is no list of residents")
    return [
        (n, {line: str(value) for name, value in one.items() if (line := _line(name)) and value is not None})
        for n, one in enumerate(read, 1)
    ]


def _line(name: str) -> Line | None:
    plain = "_".join(name.strip().lower().replace(".", " ").split())
    return Line(plain) if plain in set(Line) else None
