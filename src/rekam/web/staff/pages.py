"""`/sign-in` and `/sign-out` of an office and of the centre."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.web.i18n import error_text
from rekam.web.language_switch import local_path
from rekam.web.page import render, site_of
from rekam.web.site import Person
from rekam.web.staff.errors import TooManyAttempts, WrongPassword
from rekam.web.staff.sign_in import sign_in, token_hash
from rekam.web.staff.store import StaffStore

__all__ = ["identify_by", "staff_router"]


def identify_by(store: StaffStore, cookie: str) -> Callable[[Request], Person | None]:
    """Who sends a request, by the session cookie."""

    def identify(request: Request) -> Person | None:
        token = request.cookies.get(cookie)
        return store.session(token_hash(token)) if token else None

    return identify


def staff_router(store: StaffStore) -> APIRouter:
    """The routes; the cookie is for this place only, out of scripts' reach, and never sent along from another site."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    def ask(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
        return _form(request, next)

    @router.post("/sign-in")
    def answer(
        request: Request,
        name: Annotated[str, Form(max_length=64)] = "",
        password: Annotated[str, Form(max_length=1024)] = "",
        next: Annotated[str, Form()] = "/",  # noqa: A002 - the name in the form
    ) -> Response:
        try:
            token = sign_in(store, name, password)
        except WrongPassword as error:
            return _form(request, next, name, error_text(error), 401)
        except TooManyAttempts as error:
            return _form(request, next, name, error_text(error), 429)
        redirect = RedirectResponse(local_path(next), 303)
        redirect.set_cookie(
            site_of(request).cookie, token, httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )
        return redirect

    @router.post("/sign-out")
    def leave(request: Request) -> Response:
        cookie = site_of(request).cookie
        if token := request.cookies.get(cookie):
            store.close_session(token_hash(token))
        redirect = RedirectResponse("/sign-in", 303)
        redirect.delete_cookie(cookie)
        return redirect

    return router


def _form(request: Request, wanted: str, name: str = "", refusal: str | None = None, status: int = 200) -> Response:
    return render(request, "shared/sign_in.html", status=status, next=local_path(wanted), name=name, refusal=refusal)
