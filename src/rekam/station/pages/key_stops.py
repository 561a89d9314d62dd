"""`/staff/stop`: the office's word that somebody's keys are stopped, where no line and no stick brought it."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.exchange.key_request_text import stop_from_text
from rekam.exchange.key_stop import KeyStopUnproved
from rekam.station.front import Front
from rekam.web.brought_text import BroughtText
from rekam.web.i18n import error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]


def key_stop_pages(front: Front) -> APIRouter:
    """For whoever is signed in: the word proves itself, and it may be a supervisor who is stopped."""
    router = APIRouter(prefix="/staff/stop", include_in_schema=False)
    signed_in = [Depends(front.sessions.require)]

    @router.get("", dependencies=signed_in)
    def form(request: Request) -> Response:
        return render(request, "staff/stop.html", problems={})

    @router.post("", dependencies=signed_in)
    def take(
        request: Request,
        brought: BroughtText,
    ) -> Response:
        try:
            name = front.station.take_stop(stop_from_text(brought))
        except KeyStopUnproved as problem:
            return render(request, "staff/stop.html", status=422, problems={"text": error_text(problem)})
        return RedirectResponse(f"/staff?done={'stopped' if name else 'known'}", 303)

    return router


PART: Final = Part(key_stop_pages)
