"""An office that lost its server gets its packets back from the centre, sealed as they came: `hand_out_router`."""

from base64 import b64encode
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Response

from rekam.centre.centre import Centre
from rekam.centre.sql import VIEWS
from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.errors import SenderForbidden
from rekam.exchange.http_serving import BODY_LIMIT, Authenticator, problem_route
from rekam.storage.errors import BlobMissing
from rekam.trust.requests import SignedRequest

__all__ = ["hand_out_router"]

_PAGE: Final = 100
PacketId = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


def hand_out_router(centre: Centre, *, place: str) -> APIRouter:
    """The routes under `/exchange/held`, for offices: what the centre holds of their own stations, ciphertext only."""
    authenticate = Authenticator(centre.root)

    def an_office(request: Annotated[SignedRequest, Depends(authenticate)]) -> str:
        if request.signer.kind != "office":
            raise SenderForbidden(kind=request.signer.kind, subject=request.signer.subject)
        return request.signer.subject

    router = APIRouter(prefix="/exchange/held", route_class=problem_route(place), include_in_schema=False)

    @router.get("")
    def held(office: Annotated[str, Depends(an_office)], after: Annotated[int, Query(ge=0)]) -> dict[str, Any]:
        """The next packets in the order of their arrival, with certificates and the acceptance receipt of each."""
        with centre.pool.connection() as connection:
            rows = connection.execute(
                VIEWS.held_of_office, {"office": office, "after": after, "limit": _PAGE}
            ).fetchall()
        return {
            "packets": [
                {
                    "arrival": arrival,
                    "packet_id": packet_id,
                    "number": str(PacketNumber(StationId(station), epoch, sequence)),
                    "size": size,
                    "chain": b64encode(chain).decode(),
                    "receipt": b64encode(receipt).decode(),
                }
                for arrival, packet_id, station, epoch, sequence, size, chain, receipt in rows
            ]
        }

    @router.get("/{packet_id}")
    def piece(
        office: Annotated[str, Depends(an_office)], packet_id: PacketId, offset: Annotated[int, Query(ge=0)]
    ) -> Response:
        """Up to 1 MiB of a packet from `offset` on. Another office's packet is as unknown as none."""
        with centre.pool.connection() as connection:
            if connection.execute(VIEWS.is_of_office, {"office": office, "packet_id": packet_id}).fetchone() is None:
                raise BlobMissing(blob_id=packet_id)
        with centre.packets.open(packet_id) as file:
            file.seek(offset)
            return Response(file.read(BODY_LIMIT), media_type="application/octet-stream")

    return router
