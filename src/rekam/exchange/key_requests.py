"""How requests for operators' keys reach the office over the line, and its answers come back."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, Protocol

from fastapi import APIRouter, Depends, Path, Response

from rekam.exchange.admission import MaySend
from rekam.exchange.http_serving import COSE, Authenticator, problem_route, read_body
from rekam.exchange.key_stop import packed_stops, unpacked_stops
from rekam.exchange.rounds import Pauses, Rounds, told
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["HttpKeyRequests", "KeyRequestDesk", "KeyRequestRemote", "key_request_rounds", "key_requests_router"]

_PATH: Final = "/exchange/operator-keys"
_NOT_YET: Final = 202
_CBOR: Final = "application/cbor"
_Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


class KeyRequestRemote(Protocol):
    """The office as a station reaches it. Adapters: `HttpKeyRequests`, the office's desk in one process."""

    def ask(self, data: bytes) -> bytes | None:
        """Hand over a request, again and again; the signed answer, None while nobody has decided. Raises
        `RemoteUnreachable` and its kin, `RequestRefused`.
        """

    def withdraw(self, digest: bytes) -> bytes:
        """Take a request back; the office's answer, which may be that the key was certified before."""

    def ended(self, word: bytes) -> None:
        """Tell that a key ended (`rekam.exchange.key_end`); again changes nothing."""

    def stops(self) -> list[bytes]:
        """The office's words on people whose keys it stopped here (`rekam.exchange.key_stop`), all of them."""


class KeyRequestDesk(Protocol):
    """The office's side; `station` is who signed the request of HTTP."""

    def asked(self, data: bytes, station: str) -> bytes | None:
        """See `KeyRequestRemote.ask`. Raises `KeyRequestUnproved`."""

    def withdrawn(self, digest: bytes, station: str, epoch: int) -> bytes:
        """See `KeyRequestRemote.withdraw`."""

    def ended(self, word: bytes, station: str) -> None:
        """See `KeyRequestRemote.ended`. Raises `KeyEndUnproved`."""

    def stopped(self, station: str, epoch: int) -> Sequence[bytes]:
        """See `KeyRequestRemote.stops`."""


def key_requests_router(
    desk: KeyRequestDesk, *, place: str, root: VerifyKey, may_ask: MaySend, still: MaySend
) -> APIRouter:
    """For signed requests of stations, whom `may_ask` lets in; `still` refuses withdrawn keys."""
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(root, still)
    signed = Annotated[SignedRequest, Depends(authenticate)]

    @router.post(_PATH)
    def ask(request: signed, body: Annotated[bytes, Depends(read_body)]) -> Response:
        may_ask(request)
        answer = desk.asked(body, request.signer.subject)
        return Response(status_code=_NOT_YET) if answer is None else Response(answer, media_type=COSE)

    @router.delete(_PATH + "/{digest}")
    def withdraw(request: signed, digest: _Digest) -> Response:
        may_ask(request)
        answer = desk.withdrawn(bytes.fromhex(digest), request.signer.subject, request.signer.epoch)
        return Response(answer, media_type=COSE)

    @router.post(_PATH + "/ended", status_code=204)
    def ended(request: signed, body: Annotated[bytes, Depends(read_body)]) -> None:
        may_ask(request)
        desk.ended(body, request.signer.subject)

    @router.get(_PATH + "/stops")
    def stops(request: signed) -> Response:
        may_ask(request)
        return Response(packed_stops(desk.stopped(request.signer.subject, request.signer.epoch)), media_type=_CBOR)

    return router


class HttpKeyRequests:
    """`KeyRequestRemote` over HTTP."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def ask(self, data: bytes) -> bytes | None:
        """See `KeyRequestRemote`."""
        answer = self._http.send("POST", _PATH, data, {"content-type": COSE})
        return None if answer.status_code == _NOT_YET else self._http.content(answer, COSE)

    def withdraw(self, digest: bytes) -> bytes:
        """See `KeyRequestRemote`."""
        return self._http.content(self._http.send("DELETE", f"{_PATH}/{digest.hex()}"), COSE)

    def ended(self, word: bytes) -> None:
        """See `KeyRequestRemote`."""
        self._http.send("POST", f"{_PATH}/ended", word, {"content-type": COSE})

    def stops(self) -> list[bytes]:
        """See `KeyRequestRemote`."""
        return unpacked_stops(self._http.content(self._http.send("GET", f"{_PATH}/stops"), _CBOR))


def key_request_rounds(once: Callable[[], int], *, period_s: float = 20.0) -> Rounds:
    """Rounds to be started and stopped with the station; each one also asks whose keys the office stopped."""
    return Rounds("operator keys", told(once), Pauses(period_s, 600.0))
