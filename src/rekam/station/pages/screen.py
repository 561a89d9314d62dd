"""`/screen`: what a page asks of its own lock. It warns, covers what was typed, opens with the operator's PIN."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from rekam.station.front import Front
from rekam.station.sessions import NotLocked
from rekam.web.language_switch import local_path
from rekam.web.page import fragment, site_of
from rekam.web.part import Part

__all__ = ["PART"]


def screen_pages(front: Front) -> APIRouter:
    """Needs no session, but the cookie of one: a locked screen is still somebody's."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/screen")

    def token(request: Request) -> str:
        return request.cookies.get(site_of(request).cookie, "")

    held = Annotated[str, Depends(token)]

    @router.get("")
    def left(screen: held) -> dict[str, Any]:
        return {"left": sessions.left(screen)}

    @router.post("/used", dependencies=[Depends(sessions.require)])
    def used(screen: held) -> dict[str, Any]:
        """Somebody types, which reaches no page until it is sent."""
        return {"left": sessions.left(screen)}

    @router.post("/lock", status_code=204)
    def lock(screen: held) -> None:
        sessions.lock(screen)

    @router.get("/form")
    def form(request: Request, screen: held, back: str = "/") -> Response:
        return fragment(request, "lock.html", who=sessions.locked_by(screen), back=local_path(back))

    @router.post("/unlock", status_code=204)
    def unlock(screen: held, pin: Annotated[str, Form(max_length=64)] = "") -> None:
        sessions.reopen(screen, station.sign_in(sessions.locked_by(screen).subject, pin))

    return router


PART: Final = Part(screen_pages, statuses={NotLocked: 409})
