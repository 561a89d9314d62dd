"""`GET /exchange/remembered` at an office, for the station that signs the request; and the station's way to it.

A station whose key was withdrawn is answered here like any other, and nowhere else: the answer is how it learns so.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from rekam.exchange.admission import MaySend
from rekam.exchange.http_serving import COSE, Authenticator, problem_route
from rekam.exchange.remembered import Asked
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["HttpRemembered", "remembered_router"]

_PATH = "/exchange/remembered"
_LONGEST = 2000
"""Of `told`: a word has some 400 bytes."""


def remembered_router(
    remember: Callable[[Asked, bytes], bytes], *, place: str, root: VerifyKey, may_ask: MaySend
) -> APIRouter:
    """`remember` gives the signed answer; a station is told of itself alone. `told`, in base64url without padding, is a
    word of before that it hands back.
    """
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(root)

    @router.get(_PATH)
    def remembered(
        request: Annotated[SignedRequest, Depends(authenticate)],
        nonce: Annotated[str, Query(pattern="^[0-9a-f]{32}$")],
        told: Annotated[str, Query(pattern="^[0-9A-Za-z_-]*$", max_length=_LONGEST)] = "",
    ) -> Response:
        may_ask(request)
        signer = request.signer
        asked = Asked(signer.subject, signer.epoch, request.key_id, bytes.fromhex(nonce))
        return Response(remember(asked, _bytes(told)), media_type=COSE)

    return router


class HttpRemembered:
    """`RememberSource` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def remembered(self, nonce: bytes, told: bytes = b"") -> bytes:
        """See `RememberSource`."""
        handed = f"&told={urlsafe_b64encode(told).decode().rstrip('=')}" if told else ""
        return self._http.content(self._http.send("GET", f"{_PATH}?nonce={nonce.hex()}{handed}"), COSE)


def _bytes(text: str) -> bytes:
    """b"" for what is no base64url: nothing was handed back."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
