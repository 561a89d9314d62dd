"""Case lines and events as templates show them: words in the reader's language, ages, where a click leads."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from rekam.centre.casebook import CaseLine, StageLine
from rekam.centre.pages.roles import EXPERT, STAFF
from rekam.centre.pages.words import QUEUES, STAGES, tone
from rekam.centre.verdict import Queue
from rekam.enrolment.status import Status, words
from rekam.web.i18n import N_, _, language
from rekam.web.page import person_of, site_of

__all__ = ["Action", "action", "age_of", "stage_name", "status_badge", "status_words", "waits_longest"]


@dataclass(frozen=True)
class Action:
    """What somebody can do with a case: a word and where it is done."""

    text: str
    href: str


_ACTIONS = {
    Queue.ADJUDICATION: (EXPERT, N_("Putuskan"), "/adjudications"),
    Queue.VALIDATION: (STAFF, N_("Konfirmasi"), "/validations"),
    Queue.QUARANTINE: (STAFF, N_("Periksa"), "/quarantine"),
}


def action(request: Request, line: CaseLine) -> Action:
    """What the person signed in can do with this case; at least look at it."""
    person = person_of(request)
    if line.queue and person:
        role, text, base = _ACTIONS[Queue(line.queue)]
        if role in person.roles:
            return Action(_(text), f"{base}/{line.packet_id}")
    return Action(_("Lihat"), f"/cases/{line.packet_id}")


def age_of(request: Request, since: datetime | None) -> timedelta | None:
    """How long ago, on this place's clock."""
    return None if since is None else max(site_of(request).clock.wall() - since, timedelta())


def waits_longest(lines: list[StageLine]) -> datetime | None:
    """Since when the oldest case of all stages waits."""
    return min((line.oldest for line in lines if line.oldest), default=None)


def stage_name(stage: str, queue: str = "") -> str:
    """The stage in words, and the human queue that the case waits in."""
    if not stage:
        return ""
    name = _(STAGES[stage][0])
    return f"{name}, {_(QUEUES[Queue(queue)])}" if queue else name


def status_words(status: Status) -> str:
    """The status in the reader's language."""
    return words(status, language().value)


def status_badge(status: Status) -> tuple[str, str]:
    """Tone and words of a badge."""
    return tone(status), status_words(status)
