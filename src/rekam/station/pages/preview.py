"""What the sensor sees while something is captured, for the signed-in screen."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from rekam.enrolment.sample import Slot
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
        slots = [Slot.parse(text) for text in slot]
        return motion(station.ports.device.preview(wanted(station.sittings.find(sitting_id), slots)))

    return router


PART: Final = Part(preview_pages)
