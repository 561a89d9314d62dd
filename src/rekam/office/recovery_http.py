"""The recovery over HTTP, at the office: without a certificate until there is one, then as the new installation."""

from base64 import b64encode
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Response

from rekam.exchange.errors import RequestMalformed
from rekam.exchange.http_serving import Authenticator, problem_route, read_body
from rekam.exchange.recovery_account import Found
from rekam.office.office import Office
from rekam.office.recovery import Recoveries
from rekam.trust import cbor
from rekam.trust.keys import KeyUnreadable, VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["recovery_router"]

CBOR: Final = "application/cbor"
_COMMITMENT: Final = 32
_MOST_STAFF: Final = 100

RequestId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Body = Annotated[bytes, Depends(read_body)]


def recovery_router(office: Office) -> APIRouter:
    """The routes under `/recovery` for machines; people's are `pages.recovery`."""
    router = APIRouter(prefix="/recovery", route_class=problem_route(str(office.id)))
    router.include_router(_before_keys(office.recoveries, str(office.id)))
    router.include_router(_with_new_keys(office))
    return router


def _before_keys(recoveries: Recoveries, place: str) -> APIRouter:
    """Nobody is believed here: a request is a number and a commitment until people have compared letters."""
    router = APIRouter(route_class=problem_route(place))

    @router.post("/requests", status_code=201)
    def ask(body: Body) -> Response:
        match _read(body, place):
            case {"station": str() as station, "commitment": bytes() as committed} if len(committed) == _COMMITMENT:
                return Response(recoveries.open(station, committed).to_bytes(), status_code=201, media_type=CBOR)
        raise RequestMalformed(place=place)

    @router.put("/requests/{request_id}", status_code=204)
    def show(request_id: RequestId, body: Body) -> None:
        recoveries.show(request_id, body)

    @router.get("/requests/{request_id}")
    def progress(request_id: RequestId) -> dict[str, Any]:
        return recoveries.progress(request_id).to_map()

    @router.get("/requests/{request_id}/bundle")
    def bundle(request_id: RequestId, offset: int = 0) -> Response:
        return Response(recoveries.bundle(request_id, max(0, offset)), media_type="application/octet-stream")

    return router


def _with_new_keys(office: Office) -> APIRouter:
    place = str(office.id)
    router = APIRouter(route_class=problem_route(place))
    authenticate = Authenticator(office.root)
    signed = Annotated[SignedRequest, Depends(authenticate)]

    @router.post("/staff")
    def staff(request: signed, body: Body) -> dict[str, list[str]]:
        wanted = _read(body, place)
        if not isinstance(wanted, dict) or len(wanted) > _MOST_STAFF:
            raise RequestMalformed(place=place)
        try:
            keys = [(str(subject), VerifyKey.from_bytes(key)) for subject, key in wanted.items()]
        except (KeyUnreadable, TypeError):
            raise RequestMalformed(place=place) from None
        chains = office.installations.certify(request.signer, keys)
        return {subject: [b64encode(each).decode() for each in chain] for subject, chain in chains.items()}

    @router.post("/found", status_code=204)
    def found(request: signed, body: Body) -> None:
        office.installations.note_found(request.signer, Found.from_map(_read(body, place)))

    return router


def _read(body: bytes, place: str) -> Any:
    try:
        return cbor.decode(body)
    except cbor.CborUnreadable:
        raise RequestMalformed(place=place) from None
