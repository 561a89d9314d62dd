"""The page that closes a sitting without a recording."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.front import Front
from rekam.station.pages.counter import around
from rekam.station.unlock import Unlocked
from rekam.web.i18n import error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "CloseNeedsReason"]


class CloseNeedsReason(RekamError):
    """Closing a sitting without a recording needs a reason of your own words. The sitting is kept.
    Write why it ends here, then close it.
    """


def closing_pages(front: Front) -> APIRouter:
    """The reason is noted at the station; the images go."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}/close")
    operator = Annotated[Unlocked, Depends(sessions.require)]

    def page(request: Request, sitting_id: str, problem: RekamError | None = None) -> Response:
        return render(
            request,
            "close.html",
            status=422 if problem else 200,
            **around(station.sittings.find(sitting_id), None),
            refusal=error_text(problem) if problem else None,
        )

    @router.get("", dependencies=[Depends(sessions.require)])
    def ask(request: Request, sitting_id: str) -> Response:
        return page(request, sitting_id)

    @router.post("")
    def close(
        request: Request, who: operator, sitting_id: str, reason: Annotated[str, Form(max_length=500)] = ""
    ) -> Response:
        if not reason.strip():
            return page(request, sitting_id, CloseNeedsReason())
        station.sittings.abandon(sitting_id, who, reason.strip())
        return RedirectResponse("/", 303)

    return router


PART: Final = Part(closing_pages)
