"""Statements over HTTP: `POST /exchange/statements` at the centre, and the office's way to it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from rekam.exchange.errors import RequestMalformed, SenderForbidden
from rekam.exchange.http_serving import COSE, LONG, Authenticator, problem_route, read_body
from rekam.exchange.signed_http import SignedHttp
from rekam.exchange.statements import StatementInbox
from rekam.trust import cbor
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["HttpStatements", "statements_router"]

STATEMENTS_PATH = "/exchange/statements"
LACKING_PATH = "/exchange/statements/lacking"
_CBOR = "application/cbor"


def statements_router(inbox: StatementInbox, *, place: str, root: VerifyKey) -> APIRouter:
    """For offices' signed requests. The statement proves itself: any office may bring another's, as a courier does."""
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(root)

    @router.post(STATEMENTS_PATH, dependencies=[LONG])
    def take(
        request: Annotated[SignedRequest, Depends(authenticate)], body: Annotated[bytes, Depends(read_body)]
    ) -> Response:
        if request.signer.kind != "office":
            raise SenderForbidden(kind=request.signer.kind, subject=request.signer.subject)
        return Response(inbox.take(body), status_code=201, media_type=COSE)

    @router.post(LACKING_PATH)
    def lacking(
        request: Annotated[SignedRequest, Depends(authenticate)], body: Annotated[bytes, Depends(read_body)]
    ) -> Response:
        if request.signer.kind != "office":
            raise SenderForbidden(kind=request.signer.kind, subject=request.signer.subject)
        return Response(cbor.encode(inbox.lacking(_ids(body, place))), media_type=_CBOR)

    return router


def _ids(data: bytes, place: str) -> list[str]:
    """Raises `RequestMalformed`."""
    try:
        ids = cbor.decode(data)
    except cbor.CborUnreadable:
        raise RequestMalformed(place=place) from None
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise RequestMalformed(place=place)
    return ids


class HttpStatements:
    """`StatementRemote` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def take(self, data: bytes) -> bytes:
        """See `StatementRemote`."""
        headers = {"content-type": _CBOR}
        return self._http.content(self._http.send("POST", STATEMENTS_PATH, data, headers), COSE)

    def lacking(self, statement_ids: Sequence[str]) -> list[str]:
        """See `StatementRemote`."""
        body = cbor.encode(list(statement_ids))
        answer = self._http.send("POST", LACKING_PATH, body, {"content-type": _CBOR})
        return _ids(self._http.content(answer, _CBOR), "centre")
