"""What the sensor sees while something is captured, for the signed-in screen: `preview_pages`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from rekam.enrolment.sample import Slot
from rekam.station.motion import motion
from rekam.station.sessions import Sessions
from rekam.station.shot import wanted
from rekam.station.station import Station

__all__ = ["preview_pages"]


def preview_pages(station: Station, sessions: Sessions) -> APIRouter:
    """`/sittings/<id>/preview?slot=finger-7&slot=finger-8`: moving pictures of the device that would capture these."""
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])

    @router.get("/preview")
    def preview(sitting_id: str, slot: Annotated[list[str], Query(min_length=1)]) -> Response:
        slots = [Slot.parse(text) for text in slot]
        return motion(station.ports.device.preview(wanted(station.sitting(sitting_id), slots)))

    return router
