"""`POST /exchange/corrections` at an office: a station asks for corrected biodata, answered with one parcel or none."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from rekam.exchange.admission import MaySend
from rekam.exchange.http_serving import COSE, Authenticator, problem_route, read_body
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["HttpCorrections", "corrections_router"]

_PATH: Final = "/exchange/corrections"
_CBOR: Final = "application/cbor"
_NOTHING: Final = 204


def corrections_router(
    answer: Callable[[str, bytes], bytes | None], *, place: str, root: VerifyKey, may_ask: MaySend, still: MaySend
) -> APIRouter:
    """`answer` takes station and question; a station asks for itself alone, and not with a withdrawn key."""
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(root, still)

    @router.post(_PATH)
    def corrections(
        request: Annotated[SignedRequest, Depends(authenticate)], body: Annotated[bytes, Depends(read_body)]
    ) -> Response:
        may_ask(request)
        parcel = answer(request.signer.subject, body)
        return Response(status_code=_NOTHING) if parcel is None else Response(parcel, media_type=COSE)

    return router


class HttpCorrections:
    """`CorrectionDesk` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def ask(self, question: bytes) -> bytes | None:
        """See `CorrectionDesk`."""
        answer = self._http.send("POST", _PATH, question, {"content-type": _CBOR})
        return None if answer.status_code == _NOTHING else self._http.content(answer, COSE)
