"""Failures as answers: every one says what happened, what is safe and what to do; none shows its insides.

A RekamError is told in its own sentence. Anything unknown becomes a calm page with an incident number and one
log line without personal data: the kind of failure and where it rose, never its text or values.
"""

import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rekam.enrolment.errors import RekamError
from rekam.storage.errors import StorageError
from rekam.trust.random import SystemRandom
from rekam.web.i18n import _, error_text
from rekam.web.page import bare, fragment, render, site_of
from rekam.web.protection import ForeignOrigin
from rekam.web.staff.errors import NotAllowed, NotSignedIn, TooManyAttempts, WrongPassword

__all__ = ["Calm", "handle_failures"]

_log = structlog.get_logger("rekam.web")

_STATUSES: Mapping[type[RekamError], int] = {
    NotSignedIn: 401,
    WrongPassword: 401,
    NotAllowed: 403,
    ForeignOrigin: 403,
    TooManyAttempts: 429,
    StorageError: 503,
    RekamError: 422,
}


def handle_failures(app: FastAPI, statuses: Mapping[type[RekamError], int] | None = None) -> None:
    """Answer the failures of `app`; `statuses` gives HTTP statuses to more errors, the nearest ancestor counts."""
    table = dict(_STATUSES) | dict(statuses or {})

    def rekam_error(request: Request, error: Exception) -> Response:
        if not isinstance(error, RekamError):
            raise TypeError(type(error))
        if isinstance(error, NotSignedIn) and _wants_page(request):
            return _to_sign_in(request)
        status = next(table[kind] for kind in type(error).__mro__ if kind in table)
        _log.info("refused", error=error.code, status=status, route=_route(request))
        return _tell(request, status, error.code, error_text(error))

    def http_error(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise TypeError(type(error))
        phrase = HTTPStatus(error.status_code).phrase
        return _tell(request, error.status_code, phrase.replace(" ", ""), _http_text(error.status_code), error.headers)

    def invalid(request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise TypeError(type(error))
        fields = [".".join(str(part) for part in problem["loc"]) for problem in error.errors()]
        _log.info("refused", error="RequestValidationError", status=422, route=_route(request), fields=fields)
        return _tell(request, 422, "RequestValidationError", _http_text(422))

    app.add_exception_handler(RekamError, rekam_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(RequestValidationError, invalid)


class Calm:
    """ASGI middleware: what nobody foresaw becomes a calm answer and one log line.

    `tell_all` adds the failure's text and trace to the log, which may show personal data: in development only.
    """

    def __init__(self, app: ASGIApp, *, tell_all: bool = False) -> None:
        self._app, self._tell_all = app, tell_all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # told: a log line with the incident, a page with its number
            if scope["type"] != "http" or started:
                raise
            request, incident = Request(scope), SystemRandom().bytes(4).hex()
            _log.error(
                "incident",
                incident=incident,
                error=type(error).__qualname__,
                route=_route(request),
                at=_frames(error),
                **({"trace": traceback.format_exc()} if self._tell_all else {}),
            )
            answer = _tell(request, 500, "Incident", _http_text(500), incident=incident)
            await answer(scope, receive, send)


def _tell(
    request: Request,
    status: int,
    code: str,
    text: str,
    headers: Mapping[str, str] | None = None,
    incident: str | None = None,
) -> Response:
    if not _wants_page(request):
        problem: dict[str, Any] = {"type": f"urn:rekam:error:{code}", "title": code, "status": status, "detail": text}
        if incident:
            problem["incident"] = incident
        return JSONResponse(problem, status, headers, media_type="application/problem+json")
    context = {"heading": _heading(status), "text": text, "incident": incident}
    if request.headers.get("hx-request"):
        return fragment(request, "shared/failure_fragment.html", status=status, headers=headers, **context)
    if status >= 500:
        return bare(request, "shared/failure.html", status=status, **context)
    return render(request, "shared/failure.html", status=status, headers=headers, **context)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers


def _to_sign_in(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = request.url.path + query if request.method == "GET" else "/"
    if request.headers.get("hx-request"):
        # what a covered page asks for by itself must not lead it away: what was typed there is still wanted
        stays = request.method == "GET" and site_of(request).covered(request)
        return Response(status_code=204, headers={} if stays else {"HX-Redirect": "/sign-in"})
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='/')}", 303)


def _heading(status: int) -> str:
    if status == 404:
        return _("Halaman tidak ditemukan")
    return _("Belum bisa dilayani") if status >= 500 else _("Tidak bisa dilanjutkan")


def _http_text(status: int) -> str:
    if status == 404:
        return _(
            "Tidak ada apa-apa di alamat ini. Tidak ada data yang berubah. "
            "Periksa alamatnya atau mulai dari halaman awal."
        )
    if status == 422:
        return _(
            "Isian yang diterima tidak lengkap atau bukan bentuk yang diminta. Tidak ada yang disimpan. "
            "Kembali, periksa isian, lalu kirim lagi."
        )
    if status >= 500:
        return _(
            "Terjadi gangguan yang belum dikenal. Yang sudah tersimpan tetap aman. "
            "Coba lagi; bila terulang, sebutkan nomor kejadian di bawah ini kepada petugas teknis."
        )
    return _("Permintaan ini tidak diterima. Tidak ada data yang berubah. Kembali ke halaman sebelumnya dan coba lagi.")


def _route(request: Request) -> str:
    """The route's pattern: the path itself may hold a NIK."""
    return str(getattr(request.scope.get("route"), "path", "unmatched"))


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames]
