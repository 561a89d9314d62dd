"""What the sensor sees while something is captured, for the signed-in screen."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from rekam.enrolment.sample import Slot
from rekam.station.capture import background
from rekam.station.front import Front
from rekam.station.motion import motion
from rekam.station.shot import wanted
from rekam.web.part import Part

__all__ = ["PART"]


def preview_pages(front: Front) -> APIRouter:
    """`/sittings/<id>/preview?slot=finger-7&slot=finger-8`: moving pictures of the device that would capture these."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])

    @router.get("/preview")
    def preview(sitting_id: str, slot: Annotated[list[str], Query(min_length=1)]) -> Response:
        from rekam.station.look import glance  # with the engine (ADR 0046)

        slots = [Slot.parse(text) for text in slot]
        sitting = station.sittings.find(sitting_id)
        colour = background(sitting)
        return motion(
            station.ports.device.preview(wanted(sitting, slots)),
            lambda frame: glance(slots[0].modality, frame.jpeg, colour, several=len(slots) > 1),
        )

    return router


PART: Final = Part(preview_pages)
