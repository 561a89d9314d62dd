"""The page that notes why a finger, an eye or a signature cannot be captured; a supervisor confirms it there."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import REASON_WORDS, ExceptionReason, Slot
from rekam.station.front import Front
from rekam.station.pages.counter import around, step_of
from rekam.station.station import Station
from rekam.web.i18n import Language, error_text, language
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "supervisors"]


class NoReasonChosen(RekamError):
    """No reason was chosen, so nothing was noted. Choose why it cannot be captured, then confirm again."""


def supervisors(station: Station) -> list[tuple[str, str]]:
    """(id, name) of everyone who may confirm at this station."""
    return [(one.subject, one.name) for one in station.operators.listed() if one.role == "supervisor"]


def exception_pages(front: Front) -> APIRouter:
    """Exceptions never block a sitting; without a supervisor's PIN nothing is noted."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}/exception", dependencies=[Depends(sessions.require)])

    def form(
        request: Request, sitting_id: str, slot: Slot, chosen: str = "", problem: RekamError | None = None
    ) -> Response:
        sitting = station.sittings.find(sitting_id)
        english = language() is Language.ENGLISH
        reasons = [(str(reason), REASON_WORDS[reason][english]) for reason in ExceptionReason.choices(slot.modality)]
        return render(
            request,
            "exception.html",
            status=422 if problem else 200,
            **around(sitting, step_of(slot)),
            slot=slot,
            reasons=reasons,
            chosen=chosen,
            supervisors=supervisors(station),
            refusal=error_text(problem) if problem else None,
            back_to=f"/sittings/{sitting_id}/{step_of(slot)}?slot={slot}",
        )

    @router.get("")
    def ask(request: Request, sitting_id: str, slot: str) -> Response:
        return form(request, sitting_id, Slot.parse(slot))

    @router.post("")
    def note(
        request: Request,
        sitting_id: str,
        slot: Annotated[str, Form()],
        supervisor: Annotated[str, Form()],
        pin: Annotated[str, Form(max_length=64)] = "",
        reason: Annotated[ExceptionReason | None, Form()] = None,
    ) -> Response:
        wanted = Slot.parse(slot)
        if reason is None:
            return form(request, sitting_id, wanted, problem=NoReasonChosen())
        try:
            station.sittings.except_slot(sitting_id, wanted, reason, supervisor, pin)
        except RekamError as problem:
            return form(request, sitting_id, wanted, reason, problem)
        return RedirectResponse(f"/sittings/{sitting_id}/{step_of(wanted)}", 303)

    return router


PART: Final = Part(exception_pages)
