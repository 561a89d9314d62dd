"""Where a request leads whose sitting or session has ended meanwhile: `detours`. Nothing pressed or typed is lost."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.unlock import Unlocked
from rekam.web.page import render, site_of
from rekam.web.part import Part
from rekam.web.staff.errors import NotSignedIn

__all__ = ["PART", "detours"]

_SITTINGS: Final = "/sittings/"
_TYPED: Final = "application/x-www-form-urlencoded"
_LONG: Final = 3
"""Shorter values are marks of choices, which say nothing by themselves."""


def held_pages(front: Front) -> APIRouter:
    """The form that came too late, to be sent by one more press, by whoever had typed it."""
    router = APIRouter(prefix="/held/{token}")
    operator = Annotated[Unlocked, Depends(front.sessions.require)]

    @router.get("")
    def ask(request: Request, who: operator, token: str) -> Response:
        held = front.held.look(token, who.operator.subject)
        if held is None:  # of somebody else: the page goes on with whoever signed in, what was typed does not
            return RedirectResponse(_page_of(front.held.where(token) or "/"), 303)
        return render(
            request,
            "held.html",
            held=held,
            token=token,
            typed=[value for name, value in held.fields if len(value) > _LONG and name not in {"nik", "slot"}],
        )

    @router.post("")
    def send(who: operator, token: str) -> Response:
        """On to where it was going, with what the page sends along; here it is forgotten."""
        held = front.held.look(token, who.operator.subject)
        if held is None:
            return RedirectResponse("/", 303)
        front.held.forget(token)
        return RedirectResponse(held.path, 307)

    @router.post("/discard")
    def discard(who: operator, token: str) -> Response:
        if front.held.look(token, who.operator.subject) is not None:
            front.held.forget(token)
        return RedirectResponse("/", 303)

    return router


def detours(app: FastAPI, front: Front) -> None:
    """Answers two kinds of error better than by telling them; every other answer stays as it is."""
    told = app.exception_handlers[RekamError]

    async def ended(request: Request, error: Exception) -> Response:
        """Back, a second tab or a second press after a sitting was saved or closed: on to what became of it."""
        sitting_id = request.url.path.removeprefix(_SITTINGS).partition("/")[0]
        if not (request.url.path.startswith(_SITTINGS) and _is_page(request) and front.station.is_open):
            return await _answer(told, request, error)
        saved = front.station.here.recordings.of_sitting(sitting_id)
        if saved is not None:
            return RedirectResponse(f"/recordings/{saved.packet_id}/saved", 303)
        if front.station.here.drafts.was_abandoned(sitting_id):
            return RedirectResponse("/", 303)
        return await _answer(told, request, error)

    async def locked(request: Request, error: Exception) -> Response:
        """A form of a screen that had locked itself is held until somebody signs in."""
        if request.method != "POST" or not _is_page(request) or request.headers.get("hx-request"):
            return await _answer(told, request, error)
        token = None
        if request.headers.get("content-type", "").startswith(_TYPED):
            async with request.form() as form:
                typed = [(name, str(value)) for name, value in form.multi_items()]
                owner = front.sessions.owner(request.cookies.get(site_of(request).cookie, ""))
                at = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                token = front.held.hold(at, typed, owner)
        # an image, or a form that says all by its address: back to the page it came from
        wanted = _page_of(request.url.path) if token is None else f"/held/{token}"
        return RedirectResponse(f"/sign-in?next={quote(wanted, safe='/')}", 303)

    app.add_exception_handler(UnknownSitting, ended)
    app.add_exception_handler(NotSignedIn, locked)


def _page_of(path: str) -> str:
    return "/".join(path.split("/")[:3]) if path.startswith(_SITTINGS) else "/"


def _is_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


async def _answer(told: Callable[..., Response | Awaitable[Response]], request: Request, error: Exception) -> Response:
    answer = told(request, error)
    return answer if isinstance(answer, Response) else await answer


PART: Final = Part(held_pages)
