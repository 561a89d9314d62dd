"""`/bukti`: is my recording in the log? `/api/log/<code>`: the answer with all that a browser checks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.portal.log_answers import Found
from rekam.portal.portal import Portal
from rekam.trust.log.code import LogCodeUnreadable, log_code, read_log_code
from rekam.web.i18n import error_text
from rekam.web.page import render, site_of

__all__ = ["proof_routes"]

STALE: Final = timedelta(hours=1)
"""From this age on "not yet received" says that it may be out of date."""


@dataclass(frozen=True)
class _Asked:
    code: str
    found: list[Found]


def proof_routes(portal: Portal) -> APIRouter:
    """Nothing here is about a person: a code tells nothing to those who do not hold the proof of recording."""
    router = APIRouter(include_in_schema=False)

    @router.get("/bukti")
    def ask(request: Request) -> Response:
        return _page(request, portal)

    @router.post("/bukti")
    def answer(request: Request, code: Annotated[str, Form(max_length=100)] = "") -> Response:
        try:
            beginning = read_log_code(code)
        except LogCodeUnreadable as error:
            return _page(request, portal, code=code, error=error)
        asked = _Asked(log_code(beginning), portal.log_answers.find(beginning))
        return _page(request, portal, code=asked.code, asked=asked)

    @router.get("/api/log/{code}")
    def lookup(code: str) -> Response:
        """`found`: entries with their proofs, none where the log has none; `as_of`: when the copy was last complete."""
        try:
            beginning = read_log_code(code)
        except LogCodeUnreadable as error:
            return JSONResponse({"code": error.code, "detail": error_text(error)}, status_code=404)
        as_of = portal.log_answers.as_of()
        found = [each.to_map() for each in portal.log_answers.find(beginning)]
        return JSONResponse({"as_of": as_of.isoformat() if as_of else None, "found": found})

    return router


def _page(
    request: Request, portal: Portal, *, code: str = "", asked: _Asked | None = None, error: RekamError | None = None
) -> Response:
    as_of = portal.log_answers.as_of()
    return render(
        request,
        "proof.html",
        status=422 if error else 200,
        code=code,
        asked=asked,
        error=error_text(error) if error else None,
        as_of=as_of,
        stale=as_of is not None and site_of(request).clock.wall() - as_of > STALE,
        breached=bool(portal.log.alarms()),
        log_key=str(portal.log.key),
    )
