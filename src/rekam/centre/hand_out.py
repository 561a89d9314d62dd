"""An office that lost its server gets its packets back from the centre, sealed as they came: `hand_out_router`."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from rekam.centre.centre import Centre
from rekam.exchange.errors import SenderForbidden
from rekam.exchange.held import MOST_LIVES
from rekam.exchange.http_serving import Authenticator, problem_route
from rekam.trust.requests import SignedRequest

__all__ = ["hand_out_router"]

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
        return {"packets": [each.to_fields() for each in centre.held_of(office).after(after)]}

    @router.get("/{packet_id}")
    def piece(
        office: Annotated[str, Depends(an_office)], packet_id: PacketId, offset: Annotated[int, Query(ge=0)]
    ) -> Response:
        """Up to 1 MiB of a packet from `offset` on."""
        return Response(centre.held_of(office).piece(packet_id, offset), media_type="application/octet-stream")

    @router.post("/life")
    def life(
        office: Annotated[str, Depends(an_office)], least: Annotated[int, Query(gt=0, lt=MOST_LIVES)]
    ) -> dict[str, int]:
        """The number of the life that the office's server begins, which none of its servers had."""
        return {"life": centre.held_of(office).life(-(-least // 10) * 10)}

    return router
