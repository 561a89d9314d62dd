"""`/cases`: every packet the centre holds, and the history of each. No personal data stands on these pages."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from rekam.centre.casebook import LIST_LENGTH, CaseLine, Event
from rekam.centre.front import Front
from rekam.centre.pages.event_words import KINDS, event_words
from rekam.centre.pages.roles import EXPERT, STAFF, Member
from rekam.centre.pages.told import action, age_of, stage_name, status_badge
from rekam.centre.pages.words import OUTCOMES, QUEUES, STATES, VERDICTS, likeness_of_people
from rekam.centre.verdict import Queue
from rekam.web.i18n import N_, _
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]


def case_pages(front: Front) -> APIRouter:
    """The list with its filters, and one case."""
    centre = front.centre
    router = APIRouter(prefix="/cases", include_in_schema=False)

    @router.get("")
    def cases(
        request: Request,
        _person: Member,
        state: str = "",
        queue: str = "",
        number: Annotated[str, Query(max_length=40)] = "",
    ) -> Response:
        chosen = {
            "state": state if state in STATES else "",
            "queue": queue if queue in set(Queue) else "",
            "number": number.strip(),
        }
        return render(
            request,
            "centre/cases.html",
            lines=[_line(request, line) for line in centre.casebook.cases(**chosen)],
            chosen=chosen,
            longest=LIST_LENGTH,
            states=[(state, _(text)) for state, text in STATES.items()],
            queues=[(queue.value, _(text)) for queue, text in QUEUES.items()],
        )

    @router.get("/{packet_id}")
    def case(request: Request, _person: Member, packet_id: str) -> Response:
        page = centre.casebook.page(packet_id)
        return render(
            request,
            "centre/case.html",
            case=page,
            badge=status_badge(page.status),
            where=stage_name(page.stage, page.queue) or _(STATES[page.state]),
            age=age_of(request, page.entered_at),
            kind=_(KINDS[page.kind]) if page.kind else "",
            machine=_(VERDICTS[page.verdict]) if page.verdict else "",
            likeness=_(likeness_of_people(page.llr)[1]) if page.llr is not None else "",
            outcome=_(OUTCOMES[page.outcome]) if page.outcome else "",
            cards=centre.cards.of(packet_id),
            history=[_event(event) for event in centre.casebook.history(packet_id)],
            votes=[{"vote": vote, "word": _(OUTCOMES[vote.decision])} for vote in centre.casebook.votes(packet_id)],
        )

    return router


def _line(request: Request, line: CaseLine) -> dict[str, Any]:
    return {
        "line": line,
        "action": action(request, line),
        "badge": status_badge(line.status),
        "where": stage_name(line.stage, line.queue) or _(STATES[line.state]),
        "age": age_of(request, line.settled_at or line.entered_at or line.received_at),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "event": event,
        "stage": stage_name(event.stage),
        "word": _(VERDICTS[event.verdict]),
        "told": event_words(event),
    }


PART: Final = Part(case_pages, menu=(MenuItem("/cases", N_("Kasus"), frozenset({EXPERT, STAFF}), rank=20),))
