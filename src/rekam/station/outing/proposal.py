"""Who would be taken on an outing's list, and who not and why, before anything is changed: `Proposal`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.eligibility import age, may_be_recorded, wajib_ktp
from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import InvalidNik, Nik
from rekam.station.lookup.closeness import edits, tolerated
from rekam.station.lookup.spelling import sound, words
from rekam.station.outing.expected import AskAll, Invited, Source
from rekam.station.outing.list_reading import Line
from rekam.station.residents import Neighbour, Residents

__all__ = [
    "ListedTwice",
    "NameOfAnother",
    "NikRounded",
    "NotAtThisStation",
    "NotOldEnough",
    "Proposal",
    "Refused",
    "RowWithoutNik",
    "from_list",
    "from_register",
]

_ROUNDED: Final = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)
_BEGINNERS: Final = (16, 17)


class RowWithoutNik(RekamError):
    """This row has no NIK and is left out. Write the NIK beside the name, or look the resident up in the village."""


class NikRounded(RekamError):
    """A spreadsheet has rounded this number ({number}); its last digits are lost, and the row is left out. Ask for the
    list again, with the column NIK as text.
    """


class ListedTwice(RekamError):
    """This NIK stands in row {row} already; it is taken once. Compare both rows: one of them may mean somebody else."""


class NotAtThisStation(RekamError):
    """This NIK is not in this station's extract of the register, so nobody can be recorded under it here; the row is
    left out. Compare it with the family card (KK). If it is right, ask the office for this village's extract before
    setting out.
    """


class NameOfAnother(RekamError):
    """In the register this NIK belongs to {name}; the row is left out. Compare NIK and name with the family card
    (KK).
    """


class NotOldEnough(RekamError):
    """{name} is not 16 yet on the last day of the outing and not married; the row is left out."""


@dataclass(frozen=True)
class Refused:
    """A row that is left out, as it stands in the list, and why."""

    line: Line
    why: RekamError


@dataclass(frozen=True)
class Proposal:
    """`people` would be new on the list, `known` stand there already, `recorded` were left out because they are
    recorded. Nothing is changed before it is accepted.
    """

    source: Source
    people: tuple[Invited, ...]
    known: int = 0
    recorded: int = 0
    refused: tuple[Refused, ...] = ()


def from_list(lines: Iterable[Line], residents: Residents, *, known: set[str], on: date) -> Proposal:
    """Row by row against the register. `on` is the last day of the outing. Who is recorded already stays on such a
    list: whoever gave it wants to hear of them.
    """
    rows: dict[str, Line] = {}
    refused: list[Refused] = []
    for line in lines:
        problem = _unusable(line, rows)
        if problem is not None:
            refused.append(Refused(line, problem))
        else:
            rows[line.nik] = line
    there = {str(person.nik): person for person in residents.among(rows)}
    people: list[Biodata] = []
    for nik, line in rows.items():
        person = there.get(nik)
        if person is None:
            refused.append(Refused(line, NotAtThisStation()))
        elif not _may_mean(line.name, person.name):
            refused.append(Refused(line, NameOfAnother(name=person.name)))
        elif not may_be_recorded(person.birth_date, person.ever_married, on, person.itap_until):
            refused.append(Refused(line, NotOldEnough(name=person.name)))
        else:
            people.append(person)
    new = tuple(person for person in people if person.nik not in known)
    order = sorted(refused, key=lambda each: each.line.row)
    return Proposal("list", new, len(people) - len(new), refused=tuple(order))


def from_register(
    found: Iterable[Neighbour],
    ask: AskAll,
    *,
    known: set[str],
    on: date,
    beginners: bool,
) -> Proposal:
    """Of those `found`, who has a card due on day `on` and is not recorded as far as anybody knows; `beginners`: only
    who is 16 or 17 then.
    """
    due = [person for person in found if _due(person, on, beginners=beginners)]
    here = [person for person in due if person.nik in known]
    new = [person for person in due if person.nik not in known]
    advice = zip(new, ask([person.nik for person in new]), strict=True)
    open_ones = tuple(person for person, told in advice if not told.answer.warns)
    return Proposal("register", open_ones, len(here), len(new) - len(open_ones))


def _due(person: Neighbour, on: date, *, beginners: bool) -> bool:
    if beginners:
        of_age = age(person.birth_date, on) in _BEGINNERS
        return of_age and may_be_recorded(person.birth_date, person.ever_married, on, person.itap_until)
    return wajib_ktp(person.birth_date, person.ever_married, on, person.itap_until)


def _unusable(line: Line, rows: dict[str, Line]) -> RekamError | None:
    if not line.nik:
        return RowWithoutNik()
    if _ROUNDED.fullmatch(line.nik):
        return NikRounded(number=line.nik)
    try:
        Nik(line.nik)
    except InvalidNik as problem:
        return problem
    return ListedTwice(row=rows[line.nik].row) if line.nik in rows else None


def _may_mean(given: str, registered: str) -> bool:
    """Whether a name as a village wrote it may be the registered one: one word of both sounds alike."""
    sounds = [sound(word) for word in words(given)]
    against = [sound(word) for word in words(registered)]
    if not any(sounds):
        return True
    return any(edits(one, other) <= min(tolerated(one), tolerated(other)) for one in sounds if one for other in against)
