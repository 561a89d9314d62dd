"""The language of a request: a cookie chooses, Indonesian otherwise; `POST /language` sets the cookie."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rekam.web.i18n import Language, speaking
from rekam.web.site import Site

__all__ = ["LanguageSwitch", "local_path", "router", "set_language"]

_COOKIE = "rekam-language"
_YEAR_S = 365 * 24 * 3600

router = APIRouter()


@router.post("/language", include_in_schema=False)
def choose(
    request: Request, language: Annotated[Language, Form()], back: Annotated[str, Form()] = "/"
) -> RedirectResponse:
    """Remember the language, in this browser and for whoever is signed in, and go back to the page."""
    site: Site = request.app.state.site
    site.keep_language(request, language)
    answer = RedirectResponse(local_path(back), 303)
    set_language(answer, language)
    return answer


def set_language(answer: Response, chosen: Language | None) -> None:
    """From the next page on; None takes the choice back, so that pages are Indonesian again."""
    if chosen is None:
        answer.delete_cookie(_COOKIE)
    else:
        answer.set_cookie(_COOKIE, chosen.value, max_age=_YEAR_S, samesite="strict", httponly=True)


def local_path(path: str) -> str:
    """`path` if it leads to a page of this place, else "/": nobody is sent elsewhere by a crafted link."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


class LanguageSwitch:
    """ASGI middleware: answer every request in the language of its cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = HTTPConnection(scope).cookies.get(_COOKIE)
        with speaking(Language.ENGLISH if wanted == Language.ENGLISH else Language.INDONESIAN):
            await self._app(scope, receive, send)
