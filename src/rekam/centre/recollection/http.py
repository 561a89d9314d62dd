"""Handing back over HTTP: what a restored centre takes from its offices: `recollection_router`."""

from base64 import b64decode
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Response

from rekam.centre.recollection.recollection import Recollection
from rekam.exchange.errors import SenderForbidden
from rekam.exchange.http_serving import LONG, Authenticator, problem_route, read_body
from rekam.trust.certificates import CertificateUnreadable, chain_from_bytes
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["recollection_router"]

PacketId = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


def recollection_router(recollection: Recollection, *, place: str, root: VerifyKey) -> APIRouter:
    """The routes under `/exchange/recollection`, for offices. What they bring is believed by the centre's signature."""
    authenticate = Authenticator(root)

    def an_office(request: Annotated[SignedRequest, Depends(authenticate)]) -> str:
        if request.signer.kind != "office":
            raise SenderForbidden(kind=request.signer.kind, subject=request.signer.subject)
        return request.signer.subject

    router = APIRouter(prefix="/exchange/recollection", route_class=problem_route(place), include_in_schema=False)
    Office = Annotated[str, Depends(an_office)]
    Body = Annotated[bytes, Depends(read_body)]

    @router.get("")
    def standing(office: Office) -> dict[str, Any]:
        return vars(recollection.standing(office))

    @router.post("/batch", status_code=204, dependencies=[LONG])
    def batch(_office: Office, body: Body) -> Response:
        recollection.take_batch(body)
        return Response(status_code=204)

    @router.post("/receipt", status_code=204)
    def receipt(_office: Office, body: Body, rekam_station_certificate: Annotated[str, Header()]) -> Response:
        recollection.take_receipt(body, _chain(rekam_station_certificate))
        return Response(status_code=204)

    @router.get("/wanted")
    def wanted(_office: Office, after: int) -> dict[str, Any]:
        return {"packets": recollection.wanted(after)}

    @router.post("/packets/{packet_id}/station", status_code=204)
    def station(packet_id: PacketId, _office: Office, body: Body) -> Response:
        recollection.take_chain(packet_id, chain_from_bytes(body))
        return Response(status_code=204)

    @router.patch("/packets/{packet_id}")
    def piece(_office: Office, packet_id: PacketId, body: Body, upload_offset: Annotated[int, Header(ge=0)]) -> Any:
        reached = recollection.take_piece(packet_id, upload_offset, body) if body else recollection.offset(packet_id)
        return {"offset": reached}

    @router.post("/done", status_code=204)
    def done(office: Office) -> Response:
        recollection.done(office)
        return Response(status_code=204)

    return router


def _chain(header: str) -> tuple[bytes, ...]:
    try:
        return chain_from_bytes(b64decode(header, validate=True))
    except ValueError as error:
        raise CertificateUnreadable(reason="rekam-station-certificate") from error
