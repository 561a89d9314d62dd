"""`/sign-in` and `/sign-out` of a station: an operator from the list, and a PIN."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.front import Front
from rekam.station.pin_guesses import TooManyAttempts
from rekam.station.unlock import LockedOut, NotCertifiedYet, OperatorBarred, UnknownOperator
from rekam.trust.pin import WrongPin
from rekam.web.i18n import N_, Language, _, error_text
from rekam.web.language_switch import local_path, set_language
from rekam.web.page import render, site_of
from rekam.web.part import Part

__all__ = ["PART"]

ROLE_NAMES: Final = {"operator": N_("operator"), "supervisor": N_("supervisor")}


def sign_in_pages(front: Front) -> APIRouter:
    """The first sign-in after a start also opens the store and resumes sending."""
    station, sessions = front.station, front.sessions
    router = APIRouter()

    def form(request: Request, wanted: str, chosen: str | None = None, problem: RekamError | None = None) -> Response:
        wait = int(problem.facts["seconds"]) if isinstance(problem, TooManyAttempts) else 0
        listed = station.operators.listed()
        return render(
            request,
            "sign_in.html",
            status=200 if problem is None else 429 if wait else 423 if isinstance(problem, LockedOut) else 401,
            operators=listed,
            operators_shown=[(one.subject, one.name, _(ROLE_NAMES[one.role])) for one in listed],
            chosen=chosen,
            next=local_path(wanted),
            refusal=error_text(problem) if problem else None,
            wait=wait,
            is_open=station.is_open,
        )

    @router.get("/sign-in")
    def ask(request: Request, next: str = "/") -> Response:  # noqa: A002  # the name in the address
        """The name of whoever locked this screen is chosen already."""
        return form(request, next, sessions.owner(request.cookies.get(site_of(request).cookie, "")) or None)

    @router.post("/sign-in")
    def answer(
        request: Request,
        operator: Annotated[str, Form(max_length=64)] = "",
        pin: Annotated[str, Form(max_length=64)] = "",
        next: Annotated[str, Form()] = "/",  # noqa: A002  # the name in the form
    ) -> Response:
        try:
            unlocked = station.sign_in(operator, pin)
        except (UnknownOperator, OperatorBarred, NotCertifiedYet, WrongPin, TooManyAttempts, LockedOut) as problem:
            return form(request, next, operator, problem)
        front.resident.clear(unlocked.operator.subject)
        redirect = RedirectResponse(local_path(next), 303)
        sessions.close(request.cookies.get(site_of(request).cookie, ""))
        token = sessions.open(unlocked)
        if (own := station.here.languages.of(unlocked.operator.subject)) is not None:
            set_language(redirect, Language(own))
        redirect.set_cookie(
            site_of(request).cookie, token, httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )
        return redirect

    @router.post("/sign-out")
    def leave(request: Request, back: Annotated[str, Form()] = "/") -> Response:
        """Whoever signs in next finds the same page: a sitting goes on with another operator."""
        cookie = site_of(request).cookie
        if token := request.cookies.get(cookie):
            sessions.close(token)
        redirect = RedirectResponse(
            f"/sign-in?next={quote(local_path(back), safe='/')}" if back != "/" else "/sign-in", 303
        )
        redirect.delete_cookie(cookie)
        set_language(redirect, None)
        return redirect

    return router


PART: Final = Part(sign_in_pages)
