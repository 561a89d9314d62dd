"""What office or village wrote down, read row by row: `read_list` of a CSV file or of pasted text."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from rekam.enrolment.amount import Amount
from rekam.enrolment.errors import RekamError

__all__ = [
    "LIST_BYTES",
    "Line",
    "ListEmpty",
    "ListIsAWorkbook",
    "ListNeedsHeads",
    "ListRounded",
    "ListTooLarge",
    "ListTooLong",
    "ListUnreadable",
    "read_list",
]

LIST_BYTES: Final = 4 << 20
_MOST_LINES: Final = 20_000
_NIK_DIGITS: Final = 16
_NIK_HEADS: Final = frozenset({"NIK", "NO NIK", "NOMOR NIK", "NOMOR INDUK KEPENDUDUKAN"})
_NAME_HEADS: Final = frozenset({"NAMA", "NAMA LENGKAP", "NAMA LGKP", "NAME"})
_SEPARATORS: Final = (";", "\t", ",", "|")
_LOOSE: Final = re.compile(r"^\s*(?:\d{1,5}[.)]\s+)?['’]?((?:\d[\s.\-]{0,3}){10,}\d)\b\W*(.*)$")
"""A line of a message: perhaps its number, then a NIK with blanks, then a name."""
_IN_NUMBERS: Final = re.compile(r"[\s.'’\-\u00a0]")
_ENOUGH_TO_TELL: Final = 6


class ListTooLarge(RekamError):
    """This file has {size}, more than the {limit} of a list. Nothing was taken over. Send a list with NIK and name
    alone, without pictures, or in several files.
    """


class ListIsAWorkbook(RekamError):
    """This is a workbook (.xlsx or .xls), not a list of text. Nothing was taken over. Open it, choose "Save as" and
    CSV, with the column NIK as text, then take that file.
    """


class ListUnreadable(RekamError):
    """This file holds no text that can be read. Nothing was taken over. Save the list as CSV (UTF-8), then take that
    file.
    """


class ListEmpty(RekamError):
    """There is no NIK in this list. Nothing was taken over. A row needs a NIK and may have a name; the first row may
    name the columns NIK and NAMA.
    """


class ListTooLong(RekamError):
    """This list has more than {most} rows. Nothing was taken over. Split it, one file for each village."""


class ListNeedsHeads(RekamError):
    """Several columns of this list hold numbers of 16 digits, so that it does not show which one is the NIK. Nothing
    was taken over. Write NIK and NAMA above their columns in the first row, then take it again.
    """


class ListRounded(RekamError):
    """Every number of this list ends in 0: a spreadsheet has rounded them, and their last digits are lost. Nothing was
    taken over. Ask for the list again, with the column NIK as text.
    """


@dataclass(frozen=True)
class Line:
    """Row `row` of the list, from 1 on; `nik` as it stands there, without blanks and dots; `name` may be empty."""

    row: int
    nik: str
    name: str


def read_list(data: bytes) -> list[Line]:
    """Rows that hold anything, in their order; what is wrong with a single one is for who takes it over to say. Each
    row stands alone: a quotation mark that is never closed swallows none of the following.
    """
    if len(data) > LIST_BYTES:
        raise ListTooLarge(size=Amount(len(data)), limit=Amount(LIST_BYTES))
    text = _text(data)
    rows = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip(" \t;,|\"'")]
    if not rows:
        raise ListEmpty
    if len(rows) > _MOST_LINES + 1:
        raise ListTooLong(most=_MOST_LINES)
    lines = _columns([(n, _cells(line, _separator(rows))) for n, line in rows])
    if not any(character.isdigit() for line in lines for character in line.nik):
        raise ListEmpty
    whole = [line.nik for line in lines if len(line.nik) == _NIK_DIGITS]
    if len(whole) >= _ENOUGH_TO_TELL and all(nik.endswith("0") for nik in whole):
        raise ListRounded
    return lines


def _text(data: bytes) -> str:
    if data[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        raise ListIsAWorkbook
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ListUnreadable


def _separator(rows: list[tuple[int, str]]) -> str:
    """What stands most often in the first rows; nothing where they are lines of a message."""
    counted = Counter({one: sum(line.count(one) for _, line in rows[:20]) for one in _SEPARATORS})
    found, times = counted.most_common(1)[0]
    return found if times else ""


def _cells(line: str, separator: str) -> list[str]:
    if separator:
        try:
            cells = next(csv.reader([line], delimiter=separator))
        except csv.Error:
            cells = line.split(separator)
        return [cell.strip() for cell in cells]
    loose = _LOOSE.match(line)
    return [loose[1], loose[2].strip()] if loose else [line.strip(), ""]


def _columns(rows: list[tuple[int, list[str]]]) -> list[Line]:
    heads = [re.sub(r"[\W_]+", " ", cell).strip().upper() for cell in rows[0][1]]
    number = next((at for at, head in enumerate(heads) if head in _NIK_HEADS), None)
    if number is not None:
        name = next((at for at, head in enumerate(heads) if head in _NAME_HEADS), None)
        return [Line(n, _number(_at(cells, number)), _at(cells, name)) for n, cells in rows[1:]]
    number = _number_column([cells for _, cells in rows])
    return [
        Line(n, _number(_at(cells, number)), next((cell for cell in cells[number + 1 :] if _is_name(cell)), ""))
        for n, cells in rows
    ]


def _number_column(rows: list[list[str]]) -> int:
    """The one column of long numbers. Raises `ListNeedsHeads` for several, `ListEmpty` for none."""
    long = Counter(at for cells in rows for at, cell in enumerate(cells) if _looks_like_a_nik(cell))
    often = [at for at, times in long.items() if times * 2 >= max(long.values())]
    if not often:
        raise ListEmpty
    if len(often) > 1:
        raise ListNeedsHeads
    return often[0]


def _looks_like_a_nik(cell: str) -> bool:
    digits = sum(character.isdigit() for character in cell)
    return digits >= _NIK_DIGITS - 4 or "E+" in cell.upper()


def _is_name(cell: str) -> bool:
    return any(character.isalpha() for character in cell)


def _number(cell: str) -> str:
    return cell.strip() if "E+" in cell.upper() else _IN_NUMBERS.sub("", cell)


def _at(cells: list[str], column: int | None) -> str:
    return cells[column] if column is not None and column < len(cells) else ""
