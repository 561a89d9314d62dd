"""`/`: which packet is in which stage, what waits for whom, and whether the sum adds up."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rekam.centre.centre import Centre
from rekam.centre.front import Front
from rekam.centre.pages.roles import EXPERT, STAFF, Member
from rekam.centre.pages.told import age_of, status_badge, waits_longest
from rekam.centre.pages.twin import twin_state
from rekam.centre.pages.words import QUEUES, STAGES
from rekam.centre.twin.attendant import Seen
from rekam.centre.verdict import Queue
from rekam.web.i18n import N_, _
from rekam.web.page import fragment, render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]

_PLACES = {Queue.ADJUDICATION: "/adjudications", Queue.VALIDATION: "/validations", Queue.QUARANTINE: "/quarantine"}


def overview_pages(front: Front) -> APIRouter:
    """The overview, and its board by itself for renewal every few seconds."""
    centre, twin = front.centre, front.twin
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def overview(request: Request, person: Member) -> Response:
        return render(request, "centre/overview.html", roles=person.roles, **_board(request, centre, twin()))

    @router.get("/board")
    def board(request: Request, person: Member) -> Response:
        return fragment(request, "centre/board.html", roles=person.roles, **_board(request, centre, twin()))

    return router


def _board(request: Request, centre: Centre, seen: Seen) -> dict[str, Any]:
    lines = centre.casebook.board()
    stages = [
        {
            "name": _(STAGES[line.name][0]),
            "asks": _(STAGES[line.name][1]),
            "line": line,
            "age": age_of(request, line.oldest),
            "waiting": [{"text": _(QUEUES[queue]), "count": count} for queue, count in line.queues.items()],
        }
        for line in lines
    ]
    queues = centre.casebook.queues()
    return {
        "counts": centre.counts(),
        "twin": twin_state(seen),
        "stages": stages,
        "chains": centre.casebook.broken_chains(),
        "oldest": age_of(request, waits_longest(lines)),
        "queues": [
            {
                "name": _(QUEUES[queue]),
                "href": _PLACES[queue],
                "queue": queue.value,
                "count": queues[queue][0] if queue in queues else 0,
                "age": age_of(request, queues[queue][1]) if queue in queues else None,
            }
            for queue in Queue
        ],
        "outcomes": [
            {"badge": status_badge(status), "count": count, "code": status.value}
            for status, count in centre.casebook.outcomes().items()
        ],
    }


PART: Final = Part(overview_pages, menu=(MenuItem("/", N_("Ringkasan"), frozenset({EXPERT, STAFF}), rank=10),))
