"""Who is meant? `Lookup` answers from the extract alone, at once, best first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import Nik
from rekam.station.lookup.birth_dates import dates_in, near
from rekam.station.lookup.numbers import NIK_DIGITS, Number, slips
from rekam.station.lookup.ranking import AT_LEAST, Asked, fit
from rekam.station.lookup.spelling import sound, words
from rekam.station.residents import NotInExtract, Residents

__all__ = ["SHOWN", "Found", "How", "Lookup"]

SHOWN: Final = 20
_LOOKED_AT: Final = 150
_MOST_WORDS: Final = 8
_NEARLY_WHOLE: Final = 14
_OTHERWISE_CUT: Final = 0.97
"""Worth of a name that fits once its words are written together or apart: Nur Hidayat, Nurhidayat."""


class How(StrEnum):
    """Why these residents are listed."""

    NUMBER = "number"
    """The number is theirs, or their family card's, or begins it."""
    LIKE_NUMBER = "like-number"
    """Nobody has the number; these are one slip away."""
    NAME = "name"
    """Name and birth date fit, best first."""


@dataclass(frozen=True)
class Found:
    """`people`, best first, and why these. `problem` says why a number finds nobody; `read_as` is the number in which
    letters were read as digits. `certain`: one resident, nothing guessed; may be opened at once.
    """

    people: list[Biodata] = field(default_factory=list)
    how: How = How.NAME
    problem: RekamError | None = None
    read_as: str = ""
    certain: bool = False


class Lookup:
    """By NIK, No. KK or the beginning of one; by name, birth date, or both; tolerant of what slips."""

    def __init__(self, residents: Residents) -> None:
        self._residents = residents
        self._names = residents.names

    def ask(self, text: str) -> Found:
        """Never raises for what a person types or pastes."""
        number = Number.of(text)
        if number is None:
            return self._by_name(text)
        found = self._by_number(number)
        if not number.whole and dates_in(text)[1]:  # 17081990 is a birth date, and may begin a NIK of province 17
            born = self._by_name(text).people
            known = {person.nik for person in born}
            people = born + [person for person in found.people if person.nik not in known]
            return Found(people[:SHOWN], How.NAME) if people else found
        return found

    def _by_number(self, number: Number) -> Found:
        read_as = number.digits if number.read else ""
        if number.whole:
            own = self._residents.among([number.digits])
            people = own or self._residents.family(number.digits)
            if people:
                return Found(people, How.NUMBER, None, read_as, certain=len(people) == 1 and not number.read)
        elif len(number.digits) < NIK_DIGITS and (people := self._residents.search(number.digits, limit=SHOWN)):
            return Found(people, How.NUMBER, None, read_as)
        if len(number.digits) < _NEARLY_WHOLE:
            return Found([], How.NUMBER, None, read_as)
        return Found(self._slipped(number.digits), How.LIKE_NUMBER, _why_nobody(number.digits), read_as)

    def _slipped(self, digits: str) -> list[Biodata]:
        return self._residents.among(slips(digits))[:SHOWN]

    def _by_name(self, text: str) -> Found:
        left, dates = dates_in(text)
        written = words(left)[:_MOST_WORDS]
        nearly = {other for day in dates for other in near(day)}
        born = self._residents.born([*dates, *nearly], limit=2 * _LOOKED_AT * (1 + len(dates)))
        asked = self._asked(written)
        wanted = [sounds for _, sounds in asked if sounds]
        named = self._residents.named(self._names.bearers(wanted, limit=_LOOKED_AT)) if wanted else []
        ways = [(asked, 1.0), *((way, _OTHERWISE_CUT) for way in self._otherwise_cut(written))]
        for way, _worth in ways[1:]:
            named += self._residents.named(self._names.bearers([sounds for _, sounds in way], limit=SHOWN))
        scored = [
            (max(worth * fit(way, name, birth_date, set(dates), nearly) for way, worth in ways), name, nik)
            for nik, name, birth_date in {*born, *named}
        ]
        fitting = sorted((one for one in scored if one[0] >= AT_LEAST), key=lambda one: (-one[0], *one[1:]))
        certain = len(fitting) == 1 and fitting[0][0] >= 1
        return Found(self._residents.among(nik for _, _, nik in fitting[:SHOWN]), How.NAME, certain=certain)

    def _asked(self, written: list[str]) -> Asked:
        return [
            (word, self._names.alike(sound(word)) if len(word) > 1 or not word.isascii() else _initial(word))
            for word in written
        ]

    def _otherwise_cut(self, written: list[str]) -> Iterator[Asked]:
        """The words with two of them written together, or one apart, as far as the extract has such."""
        same: list[tuple[str, Mapping[str, float]]] = [(word, {sound(word): 1.0}) for word in written]
        for at in range(len(written)):
            for one, other in self._names.halves(sound(written[at])):
                yield [*same[:at], (one, {one: 1.0}), (other, {other: 1.0}), *same[at + 1 :]]
            if at + 1 < len(written):
                joined = written[at] + written[at + 1]
                yield [*same[:at], (joined, {sound(joined): 1.0}), *same[at + 2 :]]


def _initial(letter: str) -> Mapping[str, float]:
    """A single letter finds nobody, but for M., which is nearly always Muhammad; in the ranking it may be any word."""
    heard = sound(letter)
    return {} if heard == letter else {heard: 0.9}


def _why_nobody(digits: str) -> RekamError:
    try:
        return NotInExtract(nik=Nik(digits).grouped())
    except RekamError as problem:
        return problem
