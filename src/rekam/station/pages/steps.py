"""The pages of a sitting's four steps at which something is captured, and the way to where it stands."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.sample import Slot
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.pages import body
from rekam.station.pages.capture_view import CaptureView
from rekam.station.pages.counter import around, step_of
from rekam.station.placement import groups_of
from rekam.station.steps import MODALITY_OF, Step
from rekam.station.unlock import Unlocked
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

_LEADS = {Step.BIODATA, Step.REVIEW}


def step_pages(front: Front) -> APIRouter:
    """`/sittings/<id>` leads to where the sitting stands; `?slot=` chooses one of a step's fingers or eyes."""
    station, sessions, lately = front.station, front.sessions, front.lately
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("")
    def resume(sitting_id: str) -> Response:
        try:
            sitting = station.sittings.find(sitting_id)
        except UnknownSitting:
            saved = station.here.recordings.of_sitting(sitting_id)
            if saved is None:
                raise
            return RedirectResponse(f"/recordings/{saved.packet_id}", 303)
        if station.sittings.newer_biodata(sitting):
            return RedirectResponse(f"/sittings/{sitting_id}/biodata", 303)
        return RedirectResponse(
            f"/sittings/{sitting_id}/{'warning' if sitting.needs_reason else sitting.next_step}", 303
        )

    @router.get("/{step}")
    def capture(request: Request, who: operator, sitting_id: str, step: Step, slot: str = "") -> Response:
        sitting = station.sittings.find(sitting_id)
        wanted = Slot.parse(slot) if slot else None
        if step in _LEADS or (wanted is not None and step_of(wanted) is not step):
            return RedirectResponse(f"/sittings/{sitting_id}", 303)
        going, devices = front.under_way.of(sitting_id), station.ports.device.state()
        view = CaptureView(
            sitting,
            step,
            wanted,
            lately.of(sitting_id),
            groups_of(devices, MODALITY_OF[step]),
            front.under_way.seconds(going) if going and step_of(going.slots[0]) is step else None,
            frozenset(device.modality for device in devices),
        )
        front.resident.show(who.operator.subject, sitting_id, step, view.placement)
        return render(request, f"{step}.html", **around(sitting, step), view=view, body=body, engine=station.engine)

    return router


PART: Final = Part(step_pages)
