"""Signing in by name and PIN; the session is a cookie, as for the pages."""

from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from rekam.station.front import Front
from rekam.web.page import site_of
from rekam.web.part import Part

__all__ = ["PART"]


class SignIn(BaseModel):
    operator: str = Field(max_length=64)
    pin: str = Field(max_length=64, repr=False)


def sign_in_routes(front: Front) -> APIRouter:
    """Nobody is signed in yet."""
    router, station, sessions = APIRouter(prefix="/api"), front.station, front.sessions

    @router.post("/sign-in")
    def sign_in(request: Request, response: Response, given: SignIn) -> dict[str, str]:
        """The same slots, counters and waits as the page's: whoever guesses here is late there."""
        unlocked = station.sign_in(given.operator, given.pin)
        front.resident.clear(unlocked.operator.subject)
        sessions.close(request.cookies.get(site_of(request).cookie, ""))
        response.set_cookie(site_of(request).cookie, sessions.open(unlocked), httponly=True, samesite="strict")
        return {"operator": unlocked.operator.subject, "role": unlocked.operator.role}

    return router


PART: Final = Part(sign_in_routes)
