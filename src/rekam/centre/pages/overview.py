"""`/`: which packet is in which stage, what waits for whom, and whether the sum adds up."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rekam.centre.centre import Centre
from rekam.centre.pages.roles import Member
from rekam.centre.pages.told import age_of, status_badge, waits_longest
from rekam.centre.pages.twin import twin_state
from rekam.centre.pages.words import QUEUES, STAGES
from rekam.centre.twin.attendant import Seen
from rekam.centre.verdict import Queue
from rekam.web.i18n import _
from rekam.web.page import fragment, render

__all__ = ["overview_pages"]

_PLACES = {Queue.ADJUDICATION: "/adjudications", Queue.VALIDATION: "/validations", Queue.QUARANTINE: "/quarantine"}


def overview_pages(centre: Centre, twin: Callable[[], Seen]) -> APIRouter:
    """The overview, and its board by itself for renewal every few seconds."""
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
