"""A resident's family card at the counter: `Family`, who of it is recorded and who is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.eligibility import may_be_recorded, wajib_ktp
from rekam.enrolment.status import RECORD_AGAIN
from rekam.exchange.corrections import Note
from rekam.station.recordings import Recordings
from rekam.station.residents import Residents

__all__ = ["Family", "Member", "Standing"]


class Standing(StrEnum):
    """What there is to do for one of a family."""

    RECORDED = "recorded"
    PERHAPS = "perhaps"
    """Very probably recorded: the filter has false positives."""
    AGAIN = "again"
    """Recorded here, and to be recorded again."""
    DUE = "due"
    """Wajib KTP, and nobody knows of a recording."""
    MAY = "may"
    """Sixteen: may be recorded already, the card follows."""
    NOT_YET = "not-yet"
    NOTED = "noted"
    """Not recorded, and the office said that they died, moved away or have no valid NIK any more."""


@dataclass(frozen=True)
class Member:
    """One of a family card, what the check says of them, and the office beside their biodata."""

    biodata: Biodata
    standing: Standing
    advice: CheckAdvice
    note: Note = Note.NONE


class Family:
    """Asks the extract for the card and the check for each of its people; `today` is the legal date of the place."""

    def __init__(
        self,
        residents: Residents,
        recordings: Recordings,
        ask: Callable[[str], CheckAdvice],
        today: Callable[[], date],
    ) -> None:
        self._residents = residents
        self._recordings = recordings
        self._ask = ask
        self._today = today

    def of(self, kk: str) -> list[Member]:
        """Eldest first."""
        today, people = self._today(), self._residents.family(kk)
        notes = self._residents.noted(person.nik for person in people)
        return [self._member(person, today, notes.get(person.nik, Note.NONE)) for person in people]

    def following(self, nik: str, kk: str) -> Member | None:
        """Who of the card is due next when `nik` was recorded: the eldest who is."""
        return next((one for one in self.of(kk) if one.standing is Standing.DUE and one.biodata.nik != nik), None)

    def member(self, person: Biodata) -> Member:
        """How `person` stands today."""
        return self._member(person, self._today(), self._residents.noted([person.nik]).get(person.nik, Note.NONE))

    def _member(self, person: Biodata, today: date, note: Note) -> Member:
        advice = self._ask(person.nik)
        married, until = person.ever_married, person.itap_until
        if advice.answer is CheckAnswer.PERHAPS_RECORDED:
            standing = Standing.PERHAPS
        elif advice.answer.warns:
            standing = Standing.AGAIN if self._failed(advice) else Standing.RECORDED
        elif note:
            standing = Standing.NOTED
        elif wajib_ktp(person.birth_date, married, today, until):
            standing = Standing.DUE
        elif may_be_recorded(person.birth_date, married, today, until):
            standing = Standing.MAY
        else:
            standing = Standing.NOT_YET
        return Member(person, standing, advice, note)

    def _failed(self, advice: CheckAdvice) -> bool:
        """Whether the recording that answered ended so that another has to be made."""
        if advice.answer is not CheckAnswer.RECORDED_HERE:
            return False
        return any(one.status in RECORD_AGAIN for one in self._recordings.search(advice.source, limit=1))
