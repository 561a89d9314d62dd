"""What protects a browser: strict headers on every answer, and no request from another site's page."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rekam.enrolment.errors import RekamError

__all__ = ["ForeignOrigin", "Protection", "refuse_foreign_origin"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    # blob: and data: are previews of what a camera or a signature pad just took
    "img-src 'self' blob: data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would make browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), usb=(), payment=()",
}
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class ForeignOrigin(RekamError):
    """The form was sent from a page of another site, so it was not accepted. Nothing was changed.
    Open the page again here and send it from there.
    """


class Protection:
    """ASGI middleware: security headers on every answer; browsers keep nothing but versioned assets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        versioned_asset = scope["path"].startswith("/assets/") and scope["query_string"].startswith(b"v=")

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                kept = versioned_asset and message["status"] in {200, 206, 304}
                headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"
            await send(message)

        await self._app(scope, receive, send_protected)


async def refuse_foreign_origin(request: Request) -> None:
    """Asked before every route: a changing request that a browser sends must come from a page of this very place.

    Every browser in use says where a form comes from (Origin, Sec-Fetch-Site). A request without either comes from
    a program, which holds no cookie that it did not get itself. Raises ForeignOrigin.
    """
    if request.method in _SAFE_METHODS:
        return
    headers: Headers = request.headers
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        raise ForeignOrigin
    if origin is None and site not in {None, "same-origin", "none"}:
        raise ForeignOrigin
