"""The family card's number: `KkNumber`, region of issue, date of recording (no +40), serial (DOMAIN section 2)."""

import re
from typing import Self

from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import is_possible_date
from rekam.enrolment.regions import known_province

__all__ = ["InvalidKk", "KkHasLetters", "KkImpossibleDate", "KkNumber", "KkUnknownProvince", "KkWrongLength"]


class InvalidKk(RekamError):
    """The family card number cannot have been issued. Nothing was changed. Type it again from the card (KK)."""


class KkHasLetters(InvalidKk):
    """A family card number has digits only. Nothing was changed. Type it again from the card: O is not 0."""


class KkWrongLength(InvalidKk):
    """A family card number has 16 digits, this one has {length}. Nothing was changed. Type it again from the card."""


class KkImpossibleDate(InvalidKk):
    """Digits 7 to 12 of this family card number ({part}) are no date. Nothing was changed.
    Type the number again from the card; it adds no 40 to the day, so it may be a NIK.
    """


class KkUnknownProvince(InvalidKk):
    """No province has the code {province}, with which this family card number begins. Nothing was changed.
    Type the number again from the card.
    """


class KkNumber(str):
    """A No. KK that could have been issued: sixteen digits, a possible date, a known province."""

    __slots__ = ()

    def __new__(cls, digits: str) -> Self:
        """Sixteen digits without separators; raises the `InvalidKk` that says what is wrong."""
        if not re.fullmatch(r"[0-9]*", digits):
            raise KkHasLetters
        if len(digits) != 16:
            raise KkWrongLength(length=len(digits))
        if not known_province(digits):
            raise KkUnknownProvince(province=digits[:2])
        if not is_possible_date(digits[6:12], female_days=False):
            raise KkImpossibleDate(part=digits[6:12])
        return super().__new__(cls, digits)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The number in `text`, which may group its digits with blanks or dots; raises `InvalidKk`."""
        return cls(re.sub(r"[\s.]", "", text))

    @property
    def region(self) -> str:
        """Six digits: province, regency and district of issue."""
        return self[:6]

    def grouped(self) -> str:
        """As people read it aloud: ``317401 120809 0003``."""
        return f"{self[:6]} {self[6:12]} {self[12:]}"
