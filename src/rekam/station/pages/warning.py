"""The page of a warning: this person may already be recorded; a reason goes on, or the sitting is closed."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.pages.answer import answer_of
from rekam.station.pages.counter import around
from rekam.web.i18n import error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]


def warning_pages(front: Front) -> APIRouter:
    """Shows who was recorded before beside who sits here now."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}/warning", dependencies=[Depends(sessions.require)])

    def page(request: Request, sitting_id: str, problem: RekamError | None = None) -> Response:
        sitting = station.sittings.find(sitting_id)
        if not sitting.needs_reason and problem is None:
            return RedirectResponse(f"/sittings/{sitting_id}/{sitting.next_step}", 303)
        alike = [found for number in sitting.warnings for found in station.here.recordings.search(number, limit=1)]
        return render(
            request,
            "warning.html",
            status=422 if problem else 200,
            **around(sitting, None),
            answer=answer_of(sitting.check, station),
            alike=alike,
            refusal=error_text(problem) if problem else None,
        )

    @router.get("")
    def ask(request: Request, sitting_id: str) -> Response:
        return page(request, sitting_id)

    @router.post("")
    def go_on(request: Request, sitting_id: str, reason: Annotated[str, Form(max_length=500)] = "") -> Response:
        try:
            sitting = station.sittings.go_on(sitting_id, reason)
        except UnknownSitting:
            raise
        except RekamError as problem:
            return page(request, sitting_id, problem)
        return RedirectResponse(f"/sittings/{sitting_id}/{sitting.next_step}", 303)

    return router


PART: Final = Part(warning_pages)
