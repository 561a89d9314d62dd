"""What a stage noted for the case's history, in an expert's words: `event_words`."""

import re
from collections.abc import Mapping
from typing import Final

from rekam.centre.casebook import Event
from rekam.centre.pages.told import status_words
from rekam.centre.pages.words import VERDICTS, likeness_of_people
from rekam.enrolment.status import Status
from rekam.web.i18n import N_, _

__all__ = ["KINDS", "event_words"]

KINDS: Final[Mapping[str, str]] = {
    "ONE_TO_ONE": N_("Dengan rekaman terdahulu atas NIK yang sama"),
    "ONE_TO_MANY": N_("Dengan rekaman atas NIK lain"),
}
_COMPARED: Final = re.compile(
    r"(?P<verdict>[A-Z_]+) (?P<kind>ONE_TO_ONE|ONE_TO_MANY) (?P<llr>[-+.0-9einf]+)(?:, (?P<rest>.*))?"
)


def event_words(event: Event) -> str:
    """The note behind one line of the history. What the machine wrote of its comparison, and codes of results, are said
    in words; sentences that people or stages wrote stay as they are.
    """
    if event.stage == "uniqueness":
        return _comparison(event.detail)
    code, _space, reason = event.detail.partition(" ")
    if event.stage == "decision" and code in set(Status):
        return " ".join(filter(None, (f"{status_words(Status(code))}.", reason)))
    return event.detail


def _comparison(detail: str) -> str:
    found = _COMPARED.fullmatch(detail)
    if found is None:
        return _(VERDICTS[detail]) if detail in VERDICTS else detail
    verdict = _(VERDICTS.get(found["verdict"], found["verdict"]))
    said = [f"{verdict}.", f"{_(KINDS[found['kind']])}: {_(likeness_of_people(float(found['llr']))[1])}"]
    return " ".join((*said, *(f"{_(each)}." for each in (found["rest"] or "").split(", ") if each)))
