"""The lines of a family card that may be wrong, and how two biodata differ: `Field`, `differing`, `mark_of`."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rekam.documents.dates import long_date
from rekam.documents.particulars import printed
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.reference import Reference

__all__ = ["Field", "differing", "mark_of", "written"]


class Field(StrEnum):
    """One line, in the order of the card."""

    NIK = "nik"
    NAME = "name"
    BIRTH_PLACE = "birth_place"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    BLOOD_TYPE = "blood_type"
    ADDRESS = "address"
    RELIGION = "religion"
    MARITAL_STATUS = "marital_status"
    OCCUPATION = "occupation"
    CITIZENSHIP = "citizenship"


_PARTS: Final[Mapping[Field, tuple[str, ...]]] = MappingProxyType(
    {Field.ADDRESS: ("address", "rt", "rw", "village"), Field.CITIZENSHIP: ("citizenship", "itap_until")}
)


def differing(before: Biodata, after: Biodata) -> tuple[Field, ...]:
    """The lines in which two biodata differ."""
    return tuple(
        field
        for field in Field
        if any(getattr(before, part) != getattr(after, part) for part in _PARTS.get(field, (field,)))
    )


def mark_of(biodata: Biodata) -> str:
    """The same for the same biodata only, as 64 hex digits; a page says by it what somebody has read."""
    return hashlib.sha256(json.dumps(biodata.to_map(), sort_keys=True, default=str).encode()).hexdigest()


def written(biodata: Biodata, reference: Reference) -> dict[Field, str]:
    """Every line as an Indonesian paper shows it."""
    words = printed(biodata, reference)
    village = ", ".join(words[name] for name in ("village", "district"))
    lines = {field: words[field] for field in Field if field in words}
    return {
        **lines,
        Field.NIK: words["nik_grouped"],
        Field.BIRTH_DATE: long_date(biodata.birth_date),
        Field.ADDRESS: f"{biodata.address}, RT/RW {words['rt_rw']}, {village}",
    }
