"""The resident's number: `Nik`, sixteen digits ``PPKKCC DDMMYY SSSS`` (DOMAIN section 2).

A NIK is permanent. It follows neither a move nor a corrected birth date, so what contradicts it is a
`NikWarning`; only what can never have been issued is an error (docs/adr/0004).
"""

import re
from datetime import date
from enum import StrEnum
from typing import Self

from rekam.enrolment.codes import Sex
from rekam.enrolment.errors import RekamError
from rekam.enrolment.regions import known_prefix, known_province

__all__ = [
    "InvalidNik",
    "Nik",
    "NikHasLetters",
    "NikImpossibleDate",
    "NikSerialZero",
    "NikUnknownProvince",
    "NikWarning",
    "NikWrongLength",
    "nik_warnings",
]

_FEMALE_DAY = 40
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class InvalidNik(RekamError):
    """The NIK cannot have been issued. Nothing was changed. Type it again from the family card (KK)."""


class NikHasLetters(InvalidNik):
    """A NIK has digits only. Nothing was changed. Type it again from the family card (KK): O is not 0, I is not 1."""


class NikWrongLength(InvalidNik):
    """A NIK has 16 digits, this one has {length}. Nothing was changed. Type it again from the family card (KK)."""


class NikImpossibleDate(InvalidNik):
    """Digits 7 to 12 of this NIK ({part}) are no date, not even with 40 added to a woman's day.
    Nothing was changed. Type the NIK again from the family card (KK).
    """


class NikUnknownProvince(InvalidNik):
    """No province has the code {province}, with which this NIK begins. Nothing was changed.
    Type the NIK again from the family card (KK).
    """


class NikSerialZero(InvalidNik):
    """A NIK is never issued with serial {serial}; serials run from 0001 to 9999. Nothing was changed.
    Use the next free serial.
    """


class NikWarning(StrEnum):
    """What an operator should look at twice; none of it stops a recording."""

    BIRTH_DATE_DIFFERS = "birth-date-differs"
    SEX_DIFFERS = "sex-differs"
    REGION_DIFFERS = "region-differs"
    REGION_UNKNOWN = "region-unknown"
    SERIAL_ZERO = "serial-zero"

    def words(self, lang: str = "id") -> str:
        """The warning as a sentence, in Indonesian or, for ``en``, in English."""
        return _WORDS[self][lang == "en"]


_WORDS = {
    NikWarning.BIRTH_DATE_DIFFERS: (
        "Tanggal lahir berbeda dengan angka tanggal dalam NIK. Cocokkan dengan KK.",
        "The birth date differs from the one in the NIK. Compare it with the family card.",
    ),
    NikWarning.SEX_DIFFERS: (
        "Jenis kelamin berbeda dengan yang tersirat dalam NIK. Cocokkan dengan KK.",
        "The sex differs from the one the NIK implies. Compare it with the family card.",
    ),
    NikWarning.REGION_DIFFERS: (
        "NIK diterbitkan di wilayah lain. Wajar bila penduduk pernah pindah.",
        "The NIK was issued in another region. This is normal for people who have moved.",
    ),
    NikWarning.REGION_UNKNOWN: (
        "Kode kecamatan dalam NIK tidak ada dalam daftar wilayah mana pun. Cocokkan dengan KK.",
        "The NIK's district code is in no edition of the region table. Compare it with the family card.",
    ),
    NikWarning.SERIAL_ZERO: (
        "Nomor urut NIK 0000 tidak pernah diterbitkan. Cocokkan dengan KK.",
        "Serial 0000 is never issued. Compare the NIK with the family card.",
    ),
}


class Nik(str):
    """A NIK that could have been issued: sixteen digits, a possible date, a known province."""

    __slots__ = ()

    def __new__(cls, digits: str) -> Self:
        """Sixteen digits without separators; raises the `InvalidNik` that says what is wrong."""
        if not re.fullmatch(r"[0-9]*", digits):
            raise NikHasLetters
        if len(digits) != 16:
            raise NikWrongLength(length=len(digits))
        if not known_province(digits):
            raise NikUnknownProvince(province=digits[:2])
        if not is_possible_date(digits[6:12], female_days=True):
            raise NikImpossibleDate(part=digits[6:12])
        return super().__new__(cls, digits)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The NIK in `text`, which may group its digits with blanks or dots; raises `InvalidNik`."""
        return cls(re.sub(r"[\s.]", "", text))

    @classmethod
    def compose(cls, region: str, birth_date: date, sex: Sex, serial: int) -> Self:
        """The NIK issued in district `region` (six digits) as the `serial`-th (1-9999) of that day and sex."""
        if not 1 <= serial <= 9999:
            raise NikSerialZero(serial=serial)
        day = birth_date.day + (_FEMALE_DAY if sex is Sex.FEMALE else 0)
        return cls(f"{region}{day:02d}{birth_date:%m%y}{serial:04d}")

    @property
    def region(self) -> str:
        """Six digits: province, regency and district of first registration."""
        return self[:6]

    @property
    def is_female_by_number(self) -> bool:
        """Whether 40 was added to the day; the card's sex field is what counts."""
        return int(self[6:8]) > _FEMALE_DAY

    @property
    def serial(self) -> str:
        """The last four digits."""
        return self[12:]

    def grouped(self) -> str:
        """As people read it aloud: ``317401 570390 0001``."""
        return f"{self[:6]} {self[6:12]} {self[12:]}"


def is_possible_date(part: str, *, female_days: bool) -> bool:
    """Whether ``DDMMYY`` is a date of some century; `female_days` also allows days 41-71."""
    day, month, year = int(part[:2]), int(part[2:4]), int(part[4:])
    if female_days and day > _FEMALE_DAY:
        day -= _FEMALE_DAY
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return False
    # 29 February needs a year divisible by four; 00 may be 2000, which was a leap year
    return (day, month) != (29, 2) or year % 4 == 0


def nik_warnings(nik: Nik, *, birth_date: date, sex: Sex, region: str | None = None) -> tuple[NikWarning, ...]:
    """What in `nik` contradicts the biodata; `region` is a region code of any depth, with or without dots."""
    day, month, year = int(nik[6:8]) % _FEMALE_DAY, int(nik[8:10]), int(nik[10:12])
    home = (region or "").replace(".", "")[:6]
    found = {
        NikWarning.BIRTH_DATE_DIFFERS: (day, month, year) != (birth_date.day, birth_date.month, birth_date.year % 100),
        NikWarning.SEX_DIFFERS: nik.is_female_by_number != (sex is Sex.FEMALE),
        NikWarning.REGION_DIFFERS: not nik.startswith(home),
        NikWarning.REGION_UNKNOWN: not known_prefix(nik.region),
        NikWarning.SERIAL_ZERO: nik.serial == "0000",
    }
    return tuple(warning for warning, holds in found.items() if holds)
