"""Taking samples: device, upload, keeping the best attempt, and the images of a sitting that is still open."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Slot
from rekam.station.capture import Judged
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.lately import Attempt
from rekam.station.pages.counter import step_of
from rekam.station.pages.upload import read_image
from rekam.station.sitting import Sitting
from rekam.web.part import Part

__all__ = ["PART"]

Take = Callable[[], tuple[Sitting, Judged]]


def capture_pages(front: Front) -> APIRouter:
    """Each attempt leads back to the page of its step, which shows how it went."""
    station, sessions, lately = front.station, front.sessions, front.lately
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])

    def attempt(sitting_id: str, slot: Slot, take: Take) -> Response:
        try:
            changed, judged = take()
        except UnknownSitting:
            raise
        except RekamError as problem:
            lately.note(sitting_id, Attempt(slot, problem=problem))
            return _back(sitting_id, slot, stay=True)
        lately.note(sitting_id, Attempt(slot, judged))
        if changed.needs_reason and not changed.filled(slot):
            return _back(sitting_id, slot, stay=True)
        return _back(sitting_id, slot, stay=not changed.filled(slot), warned=changed.needs_reason)

    @router.post("/capture")
    def capture(sitting_id: str, slot: Annotated[str, Form()]) -> Response:
        wanted = Slot.parse(slot)
        return attempt(sitting_id, wanted, lambda: station.sittings.capture(sitting_id, wanted))

    @router.post("/upload")
    async def upload(request: Request, sitting_id: str, slot: str) -> Response:
        wanted = Slot.parse(slot)
        try:
            image, media_type = await read_image(request)
        except RekamError as problem:
            lately.note(sitting_id, Attempt(wanted, problem=problem))
            return _back(sitting_id, wanted, stay=True)
        return await run_in_threadpool(
            attempt, sitting_id, wanted, lambda: station.sittings.upload(sitting_id, wanted, image, media_type)
        )

    @router.post("/keep")
    def keep(sitting_id: str, slot: Annotated[str, Form()]) -> Response:
        wanted = Slot.parse(slot)
        station.sittings.keep_best(sitting_id, wanted)
        return _back(sitting_id, wanted, stay=False)

    @router.get("/images/{slot}")
    def image(sitting_id: str, slot: str) -> Response:
        """For the signed-in screen alone; like every page it is kept by no browser."""
        found = station.here.drafts.capture(sitting_id, Slot.parse(slot))
        return Response(found.image, media_type=found.media_type)

    return router


def _back(sitting_id: str, slot: Slot, *, stay: bool, warned: bool = False) -> Response:
    if warned:
        return RedirectResponse(f"/sittings/{sitting_id}/warning", 303)
    query = f"?slot={slot}" if stay else ""
    return RedirectResponse(f"/sittings/{sitting_id}/{step_of(slot)}{query}", 303)


PART: Final = Part(capture_pages)
