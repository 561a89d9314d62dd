"""Accounts over HTTP: `POST /exchange/accounts` brings one, `GET /exchange/account` fetches the place's own."""

from typing import Annotated, Final, Protocol

from fastapi import APIRouter, Depends, Response

from rekam.exchange.account_desk import AccountDesk
from rekam.exchange.account_file import MEDIA_TYPE
from rekam.exchange.admission import MaySend
from rekam.exchange.errors import SenderForbidden
from rekam.exchange.http_serving import LONG, Authenticator, problem_route, read_body
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["AccountRemote", "HttpAccounts", "accounts_router"]

_TAKE: Final = "/exchange/accounts"
_FETCH: Final = "/exchange/account"


class AccountRemote(Protocol):
    """The place above, as far as accounts go. Adapters: `HttpAccounts`."""

    def bring(self, data: bytes) -> None:
        """Hand over a signed account; again changes nothing."""

    def fetch(self) -> bytes:
        """Its own signed account of the packets that came from here."""


def accounts_router(
    desk: AccountDesk, *, root: VerifyKey, may_ask: MaySend, still: MaySend = lambda _request: None
) -> APIRouter:
    """For signed requests of places below, whom `may_ask` lets in; each is told of its own packets only.
    `still` refuses those whose key was withdrawn.
    """
    router = APIRouter(route_class=problem_route(desk.place))
    authenticate = Authenticator(root, still)

    @router.post(_TAKE, status_code=204, dependencies=[LONG])
    def take(
        request: Annotated[SignedRequest, Depends(authenticate)], body: Annotated[bytes, Depends(read_body)]
    ) -> None:
        may_ask(request)
        desk.take(body, request)

    @router.get(_FETCH)
    def fetch(request: Annotated[SignedRequest, Depends(authenticate)]) -> Response:
        may_ask(request)
        signer = request.signer
        if signer.kind not in {"station", "office"}:
            raise SenderForbidden(kind=signer.kind, subject=signer.subject)
        return Response(desk.signed(desk.own(signer.subject)), media_type=MEDIA_TYPE)

    return router


class HttpAccounts:
    """`AccountRemote` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def bring(self, data: bytes) -> None:
        """See `AccountRemote`."""
        self._http.send("POST", _TAKE, data, {"content-type": MEDIA_TYPE})

    def fetch(self) -> bytes:
        """See `AccountRemote`."""
        return self._http.content(self._http.send("GET", _FETCH), MEDIA_TYPE)
