"""`POST /exchange/letters` at an office: a station's report of its numbers of letters, answered with its blocks."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from rekam.exchange.admission import MaySend
from rekam.exchange.http_serving import COSE, Authenticator, problem_route, read_body
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["HttpLetters", "letters_router"]

_PATH: Final = "/exchange/letters"
_CBOR: Final = "application/cbor"


def letters_router(
    answer: Callable[[str, int, bytes], bytes], *, place: str, root: VerifyKey, may_ask: MaySend, still: MaySend
) -> APIRouter:
    """`answer` takes station, epoch and report; a station reports and asks for itself alone."""
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(root, still)

    @router.post(_PATH)
    def letters(
        request: Annotated[SignedRequest, Depends(authenticate)], body: Annotated[bytes, Depends(read_body)]
    ) -> Response:
        may_ask(request)
        return Response(answer(request.signer.subject, request.signer.epoch, body), media_type=COSE)

    return router


class HttpLetters:
    """`LetterDesk` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def tell(self, report: bytes) -> bytes:
        """See `LetterDesk`."""
        return self._http.content(self._http.send("POST", _PATH, report, {"content-type": _CBOR}), COSE)
