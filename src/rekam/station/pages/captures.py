"""Samples from the browser, keeping the best attempt, and the images of a sitting that is still open."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Slot
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.lately import Attempt
from rekam.station.pages.taking import Slots, led_back
from rekam.station.pages.upload import read_image
from rekam.station.sitting import Sitting
from rekam.web.part import Part

__all__ = ["PART"]


def capture_pages(front: Front) -> APIRouter:
    """Each attempt leads back to the page of its step, which shows how it went."""
    station, sessions, lately = front.station, front.sessions, front.lately
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])

    @router.post("/upload")
    async def upload(request: Request, sitting_id: str, slot: str) -> Response:
        wanted = Slot.parse(slot)

        def attempt(image: bytes, media_type: str) -> Sitting:
            changed, judged = station.sittings.upload(sitting_id, wanted, image, media_type)
            lately.note(sitting_id, Attempt((wanted,), {wanted: judged}))
            return changed

        try:
            sitting = await run_in_threadpool(attempt, *await read_image(request))
        except UnknownSitting:
            raise
        except RekamError as problem:
            lately.note(sitting_id, Attempt((wanted,), problems={wanted: problem}))
            sitting = await run_in_threadpool(station.sittings.find, sitting_id)
        return led_back(sitting, (wanted,))

    @router.post("/keep")
    def keep(sitting_id: str, slots: Slots) -> Response:
        wanted = tuple(Slot.parse(slot) for slot in slots)
        return led_back(station.sittings.keep_best(sitting_id, wanted), wanted)

    @router.get("/images/{slot}")
    def image(sitting_id: str, slot: str) -> Response:
        """For the signed-in screen alone; like every page it is kept by no browser."""
        found = station.here.drafts.capture(sitting_id, Slot.parse(slot))
        return Response(found.image, media_type=found.media_type)

    return router


PART: Final = Part(capture_pages)
