"""`GET /exchange/remembered` at an office, for the station that signs the request; and the station's way to it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from rekam.exchange.admission import MaySend
from rekam.exchange.http_serving import COSE, Authenticator, problem_route
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["HttpRemembered", "remembered_router"]

_PATH = "/exchange/remembered"


def remembered_router(
    remember: Callable[[str, int], bytes], *, place: str, root: VerifyKey, may_ask: MaySend, still: MaySend
) -> APIRouter:
    """`remember(station, epoch)` gives the signed answer; a station is told of itself alone."""
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(root, still)

    @router.get(_PATH)
    def remembered(request: Annotated[SignedRequest, Depends(authenticate)]) -> Response:
        may_ask(request)
        return Response(remember(request.signer.subject, request.signer.epoch), media_type=COSE)

    return router


class HttpRemembered:
    """`RememberSource` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def remembered(self) -> bytes:
        """See `RememberSource`."""
        return self._http.content(self._http.send("GET", _PATH), COSE)
