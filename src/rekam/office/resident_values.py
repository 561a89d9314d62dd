"""The lines of a family card as officials write them, in a form or a column of a file: `Line`, `put`, `shown`."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from rekam.enrolment.biodata import Biodata, InvalidBiodata
from rekam.enrolment.codes import Sex, UnknownCode
from rekam.enrolment.errors import RekamError
from rekam.enrolment.kk import KkNumber
from rekam.enrolment.nik import Nik
from rekam.enrolment.reference import Reference
from rekam.exchange.corrections import Correction, Note
from rekam.office.corrections import Wanted

__all__ = ["NOTES", "Line", "LinesMissing", "ValueUnusable", "put", "shown"]


class Line(StrEnum):
    """One line, by the name of its column, in the order of the form."""

    NIK = "nik"
    KK = "no_kk"
    NAME = "nama"
    BIRTH_PLACE = "tempat_lahir"
    BIRTH_DATE = "tanggal_lahir"
    SEX = "jenis_kelamin"
    BLOOD_TYPE = "golongan_darah"
    ADDRESS = "alamat"
    RT = "rt"
    RW = "rw"
    VILLAGE = "desa"
    RELIGION = "agama"
    MARITAL_STATUS = "status_perkawinan"
    OCCUPATION = "pekerjaan"
    CITIZENSHIP = "kewarganegaraan"
    ITAP_UNTIL = "itap_sampai"
    FATHER = "nama_ayah"
    MOTHER = "nama_ibu"
    NOTE = "catatan"
    SINCE = "tanggal_catatan"


NOTES: Final[Mapping[str, Note]] = MappingProxyType(
    {"tidak ada": Note.NONE, "meninggal": Note.DIED, "pindah": Note.MOVED, "nik tidak aktif": Note.VOID}
)
"""What the column `catatan` may say."""
_FIELDS: Final = MappingProxyType(
    dict(
        zip(
            Line,
            (
                "nik", "kk", "name", "birth_place", "birth_date", "sex", "blood_type", "address", "rt", "rw", "village",
                "religion", "marital_status", "occupation", "citizenship", "itap_until", "father_name", "mother_name",
            ),
            strict=False,
        )
    )
)  # fmt: skip
_LISTS: Final = MappingProxyType(
    {
        Line.BLOOD_TYPE: "golongan_darah",
        Line.RELIGION: "agama",
        Line.MARITAL_STATUS: "status_perkawinan",
        Line.OCCUPATION: "pekerjaan_current",
        Line.CITIZENSHIP: "kewarganegaraan",
    }
)
_NOT_ALWAYS: Final = frozenset({Line.ITAP_UNTIL, Line.FATHER, Line.MOTHER, Line.NOTE, Line.SINCE})
_SEXES: Final = MappingProxyType(
    {"1": Sex.MALE, "2": Sex.FEMALE, "L": Sex.MALE, "P": Sex.FEMALE, "LAKI-LAKI": Sex.MALE, "PEREMPUAN": Sex.FEMALE}
)
_DATE: Final = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}))")
_VILLAGE_DIGITS: Final = 10


class ValueUnusable(RekamError):
    """{line} cannot be "{value}". Nothing of this resident is changed. Write it as the family card has it; codes and
    official names are both understood, dates as 31-12-1990.
    """


class LinesMissing(RekamError):
    """This office does not know this NIK yet, and of a new resident it needs every line. Missing: {lines}. Nothing of
    this resident is changed. Fill them in from the family card, or compare the NIK: it may be another's.
    """


def put(given: Mapping[Line, str], now: Correction | None, reference: Reference, on: date) -> Wanted:
    """How a resident is to stand: as `now`, None for a new one, with whatever was `given`; an empty line stays, and one
    that is given as it is shown.

    Raises `ValueUnusable`, `LinesMissing`, and what a NIK or a No. KK that cannot be raises.
    """
    before = shown(now, reference) if now else {}
    said = {line: " ".join(text.split()) for line, text in given.items() if text.strip()}
    said = {line: text for line, text in said.items() if text.casefold() != before.get(line, "").casefold()}
    if now is None and (missing := [line for line in _FIELDS if line not in said and line not in _NOT_ALWAYS]):
        raise LinesMissing(lines=", ".join(missing))
    values: dict[str, Any] = dict(vars(now.biodata)) if now else {}
    values |= {_FIELDS[line]: _value(line, text, reference) for line, text in said.items() if line in _FIELDS}
    try:
        biodata = Biodata(**values).validate(on=on, reference=reference)
    except InvalidBiodata as problem:
        line = next((one for one, field in _FIELDS.items() if field == problem.facts["field"]), Line.NAME)
        raise ValueUnusable(line=str(line), value=values.get(_FIELDS[line], "")) from None
    note, since = (now.note, now.since) if now else (Note.NONE, None)
    if Line.NOTE in said:
        note = NOTES.get(said[Line.NOTE].lower(), Note.OTHER)
        if note is Note.OTHER:
            raise ValueUnusable(line=str(Line.NOTE), value=said[Line.NOTE])
    if Line.SINCE in said:
        since = _date(Line.SINCE, said[Line.SINCE])
        if since > on:
            raise ValueUnusable(line=str(Line.SINCE), value=said[Line.SINCE])
    return Wanted(biodata, note, since if note else None, seen=now.version if now else 0)


def shown(correction: Correction, reference: Reference) -> dict[Line, str]:
    """Every line as the form shows it, and as `put` reads it again."""
    held = correction.biodata
    lines = {line: _text(line, getattr(held, field), reference) for line, field in _FIELDS.items()}
    note = next((word for word, known in NOTES.items() if known is correction.note), "")
    since = f"{correction.since:%d-%m-%Y}" if correction.since else ""
    return lines | {Line.NOTE: note, Line.SINCE: since}


def _text(line: Line, value: Any, reference: Reference) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if line is Line.SEX:
        return Sex(value).words()
    if line in _LISTS:
        listed = reference.codes.list(_LISTS[line])
        return listed.name(value) if value in listed else str(value)
    return str(value)


def _value(line: Line, text: str, reference: Reference) -> Any:
    if line in _LISTS:
        return _code(line, text, reference)
    match line:
        case Line.NIK:
            return Nik.parse(text)
        case Line.KK:
            return KkNumber.parse(text)
        case Line.BIRTH_DATE | Line.ITAP_UNTIL:
            return _date(line, text)
        case Line.SEX:
            return _sex(text)
        case _:
            return _plain(line, text)


def _plain(line: Line, text: str) -> str:
    if line in {Line.RT, Line.RW}:
        return text.zfill(3)
    if line is Line.VILLAGE:
        digits = text.replace(".", "")
        return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}" if len(digits) == _VILLAGE_DIGITS else text
    return text.upper()


def _sex(text: str) -> Sex:
    if text.upper() not in _SEXES:
        raise ValueUnusable(line=str(Line.SEX), value=text)
    return _SEXES[text.upper()]


def _code(line: Line, text: str, reference: Reference) -> int:
    listed = reference.codes.list(_LISTS[line])
    if text.isdecimal() and int(text) in listed:
        return int(text)
    try:
        return listed.code(text)
    except UnknownCode:
        raise ValueUnusable(line=str(line), value=text) from None


def _date(line: Line, text: str) -> date:
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueUnusable(line=str(line), value=text)  # the same sentence for both
        year, month, day, day_first, its_month, its_year = found.groups()
        return date(int(year or its_year), int(month or its_month), int(day or day_first))
    except ValueError:
        raise ValueUnusable(line=str(line), value=text) from None
