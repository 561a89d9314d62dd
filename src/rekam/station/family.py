"""A resident's family card at the counter: `Family`, who of it is recorded and who is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice
from rekam.enrolment.eligibility import may_be_recorded, wajib_ktp
from rekam.station.residents import Residents

__all__ = ["Family", "Member", "Standing"]


class Standing(StrEnum):
    """What there is to do for one of a family."""

    RECORDED = "recorded"
    DUE = "due"
    """Wajib KTP, and nobody knows of a recording."""
    MAY = "may"
    """Sixteen: may be recorded already, the card follows."""
    NOT_YET = "not-yet"


@dataclass(frozen=True)
class Member:
    """One of a family card, and what the check says of them."""

    biodata: Biodata
    standing: Standing
    advice: CheckAdvice


class Family:
    """Asks the extract for the card and the check for each of its people; `today` is the legal date of the place."""

    def __init__(self, residents: Residents, ask: Callable[[str], CheckAdvice], today: Callable[[], date]) -> None:
        self._residents = residents
        self._ask = ask
        self._today = today

    def of(self, kk: str) -> list[Member]:
        """Eldest first."""
        today = self._today()
        return [self._member(person, today) for person in self._residents.family(kk)]

    def following(self, nik: str, kk: str) -> Member | None:
        """Who of the card is due next when `nik` was recorded: the eldest who is."""
        return next((one for one in self.of(kk) if one.standing is Standing.DUE and one.biodata.nik != nik), None)

    def member(self, person: Biodata) -> Member:
        """How `person` stands today."""
        return self._member(person, self._today())

    def _member(self, person: Biodata, today: date) -> Member:
        advice = self._ask(person.nik)
        married, until = person.ever_married, person.itap_until
        if advice.answer.warns:
            standing = Standing.RECORDED
        elif wajib_ktp(person.birth_date, married, today, until):
            standing = Standing.DUE
        elif may_be_recorded(person.birth_date, married, today, until):
            standing = Standing.MAY
        else:
            standing = Standing.NOT_YET
        return Member(person, standing, advice)
