"""`GET /exchange/remembered` at an office, for the station that signs the request; and the station's way to it.

A station whose key was withdrawn is answered here like any other, and nowhere else: the answer is how it learns so.
"""

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


def remembered_router(
    remember: Callable[[Asked], bytes], *, place: str, root: VerifyKey, may_ask: MaySend
) -> APIRouter:
    """`remember` gives the signed answer; a station is told of itself alone."""
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(root)

    @router.get(_PATH)
    def remembered(
        request: Annotated[SignedRequest, Depends(authenticate)],
        nonce: Annotated[str, Query(pattern="^[0-9a-f]{32}$")],
    ) -> Response:
        may_ask(request)
        signer = request.signer
        asked = Asked(signer.subject, signer.epoch, request.key_id, bytes.fromhex(nonce))
        return Response(remember(asked), media_type=COSE)

    return router


class HttpRemembered:
    """`RememberSource` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def remembered(self, nonce: bytes) -> bytes:
        """See `RememberSource`."""
        return self._http.content(self._http.send("GET", f"{_PATH}?nonce={nonce.hex()}"), COSE)
