"""`/api`: the same office for programs (the drill, a print server), behind the same sign-in."""

from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from rekam.office.office import Office
from rekam.office.pages.cards import pdf_answer
from rekam.office.pages.packets import PacketId
from rekam.web.part import Part
from rekam.web.site import Person
from rekam.web.staff.guard import require

__all__ = ["PART"]

STAFF = Depends(require())


def office_api(office: Office) -> APIRouter:
    """Errors are problem documents whose title is the error's name."""
    router = APIRouter(prefix="/api")

    @router.get("/state", dependencies=[STAFF])
    def state() -> dict[str, Any]:
        return asdict(office.state()) | {"doubled": office.whereabouts.doubled()}

    @router.get("/cards", dependencies=[STAFF])
    def cards() -> list[dict[str, Any]]:
        return [
            {"packet_id": card.packet_id, "number": card.number, "order": card.order_number}
            for card in office.cards.waiting()
        ]

    @router.post("/cards/{packet_id}")
    def print_card(packet_id: PacketId, person: Annotated[Person, STAFF]) -> Response:
        return pdf_answer(office.cards.print(packet_id, by=person.name))

    return router


PART: Final = Part(office_api)
