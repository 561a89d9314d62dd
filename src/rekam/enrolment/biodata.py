"""A resident's particulars as the family card has them: `Biodata`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Self

from rekam.enrolment.codes import Sex, code_list
from rekam.enrolment.errors import RekamError
from rekam.enrolment.kk import KkNumber
from rekam.enrolment.nik import Nik, NikWarning, nik_warnings
from rekam.enrolment.reference import Reference, packaged_reference
from rekam.enrolment.regions import Regions, known_prefix

__all__ = ["Biodata", "InvalidBiodata", "MalformedBiodata", "UnknownBiodataCode", "was_married"]

_LISTS = {
    "blood_type": "golongan_darah",
    "religion": "agama",
    "marital_status": "status_perkawinan",
    "occupation": "pekerjaan_current",
    "citizenship": "kewarganegaraan",
}
_FOREIGNER = 2
_NAME_LENGTH = 100


class InvalidBiodata(RekamError):
    """The field {field} does not hold a usable value: {why}. The sitting is kept; correct the field,
    and where the family card itself is wrong, correct the card first.
    """


class UnknownBiodataCode(InvalidBiodata):
    """The field {field} holds code {code}, which the list '{list}' does not have. The sitting is kept;
    choose a value from the list.
    """


class MalformedBiodata(RekamError):
    """The stored biodata cannot be read: {why}. Nothing was changed; keep the file and report it."""


@dataclass(frozen=True)
class Biodata:
    """One resident. Coded fields hold the code lists' numbers (`codes.code_list`); `village` is a dotted code.

    `rt` and `rw` are three digits, ``000`` where there is none. `itap_until` is the last day of a
    foreigner's permanent stay permit, None for citizens.
    """

    nik: Nik
    kk: KkNumber
    name: str
    birth_place: str
    birth_date: date
    sex: Sex
    blood_type: int
    address: str
    rt: str
    rw: str
    village: str
    religion: int
    marital_status: int
    occupation: int
    citizenship: int
    father_name: str | None = None
    mother_name: str | None = None
    itap_until: date | None = None

    def validate(self, *, on: date | None = None, reference: Reference | None = None) -> Self:
        """Raise `InvalidBiodata` for the first field that cannot stand; `on` is today's legal date, where known;
        `reference` what is in force, as packaged where none is given.

        What merely contradicts the NIK is a warning (`warnings`), never an error.
        """
        known = reference or packaged_reference()
        for field in ("name", "birth_place", "address"):
            self._check_text(field, getattr(self, field))
        for field in ("rt", "rw"):
            value = getattr(self, field)
            if not (len(value) == 3 and value.isascii() and value.isdigit()):
                raise InvalidBiodata(field=field, why="three digits are needed, such as 004")
        for field, title in _LISTS.items():
            if getattr(self, field) not in known.codes.list(title):
                raise UnknownBiodataCode(field=field, code=getattr(self, field), list=title)
        if not _is_village(self.village, known.regions):
            raise InvalidBiodata(field="village", why=f"{self.village} is no village code of the region table")
        if on is not None and self.birth_date > on:
            raise InvalidBiodata(field="birth_date", why="it lies in the future")
        if (self.citizenship == _FOREIGNER) != (self.itap_until is not None):
            raise InvalidBiodata(field="itap_until", why="foreigners need their permit's last day, citizens have none")
        return self

    def _check_text(self, field: str, value: str) -> None:
        if not value.strip() or value != value.strip():
            raise InvalidBiodata(field=field, why="it is empty, or begins or ends with a blank")
        if len(value) > _NAME_LENGTH:
            raise InvalidBiodata(field=field, why=f"it is longer than {_NAME_LENGTH} characters")
        if not value.isprintable():
            raise InvalidBiodata(field=field, why="it holds characters that cannot be printed")

    @property
    def ever_married(self) -> bool:
        """Married, divorced or widowed: such a person is wajib KTP at any age."""
        return was_married(self.marital_status)

    def warnings(self) -> tuple[NikWarning, ...]:
        """Where the NIK contradicts the other fields."""
        return nik_warnings(self.nik, birth_date=self.birth_date, sex=self.sex, region=self.village)

    def to_map(self) -> dict[str, Any]:
        """A plain dict for CBOR or JSON: dates as ISO 8601 text, absent fields left out."""
        plain = {name: _plain(value) for name, value in vars(self).items()}
        return {name: value for name, value in plain.items() if value is not None}

    @classmethod
    def from_map(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_map`; raises `MalformedBiodata`, or the error of a NIK or KK that cannot be."""
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise MalformedBiodata(why=f"unknown fields {', '.join(sorted(unknown))}")
        given = dict(values)
        try:
            given["nik"] = Nik(given["nik"])
            given["kk"] = KkNumber(given["kk"])
            given["sex"] = Sex(given["sex"])
            given["birth_date"] = date.fromisoformat(given["birth_date"])
            if given.get("itap_until") is not None:
                given["itap_until"] = date.fromisoformat(given["itap_until"])
            biodata = cls(**given)
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedBiodata(why=f"{type(error).__name__} in a field") from error
        for name, kind in cls.__annotations__.items():
            value = getattr(biodata, name)
            if not isinstance(value, kind) or isinstance(value, bool):
                raise MalformedBiodata(why=f"{name} has the wrong type")
        return biodata


def was_married(marital_status: int) -> bool:
    """Whether a code of the list `status_perkawinan` says married, divorced or widowed."""
    return marital_status != _single()


@cache
def _single() -> int:
    return code_list("status_perkawinan").code("BELUM KAWIN")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    return int(value) if isinstance(value, int) else value


def _is_village(code: str, regions: Regions) -> bool:
    """A village of today, or one of a district that only earlier editions have (their villages are not held)."""
    if code.count(".") != 3:
        return False
    district, _, last = code.rpartition(".")
    if regions.exists(district):
        return regions.exists(code)
    return known_prefix(district.replace(".", "")) and len(last) == 4 and last.isascii() and last.isdigit()
