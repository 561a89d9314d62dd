"""A sitting from the check to the saving; its biodata in `biodata_api`."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, Field

from rekam.enrolment.sample import ExceptionReason, Slot
from rekam.station.front import Front
from rekam.station.pages.answer import answer_of
from rekam.station.unlock import Unlocked
from rekam.station.views import recording_view, sitting_view, slot_view
from rekam.web.part import Part

__all__ = ["PART"]

NikField = Annotated[str, Body(embed=True)]
ReasonField = Annotated[str, Body(embed=True)]


class Attempt(BaseModel):
    slot: str
    forced: bool = False


class Exempt(BaseModel):
    slot: str
    reason: ExceptionReason
    supervisor: str = Field(max_length=64)
    pin: str = Field(max_length=64, repr=False)


class Save(BaseModel):
    consent: bool
    supervisor: str | None = None
    pin: str | None = Field(default=None, max_length=64, repr=False)


def sitting_routes(front: Front) -> APIRouter:
    """Each needs a session."""
    router, station, sessions = APIRouter(prefix="/api"), front.station, front.sessions
    operator = Annotated[Unlocked, Depends(sessions.require)]
    signed_in = [Depends(sessions.require)]

    @router.post("/check", dependencies=signed_in)
    def check(nik: NikField) -> dict[str, Any]:
        """The answer for programs, and in the words of the page `/check`; never a name."""
        advice = station.ask(nik)
        said = answer_of(advice, station)
        return {
            "answer": advice.answer,
            "warns": advice.answer.warns,
            "source": advice.source,
            "as_of": advice.as_of,
            "words": said.words,
            "source_words": said.source,
            "age": said.age,
            "todo": said.todo,
        }

    @router.post("/sittings/{sitting_id}/capture", dependencies=signed_in)
    def capture(sitting_id: str, attempt: Attempt) -> dict[str, Any]:
        changed, judged = station.sittings.capture(sitting_id, Slot.parse(attempt.slot), forced=attempt.forced)
        return slot_view(attempt.slot, changed, judged)

    @router.post("/sittings/{sitting_id}/exception", dependencies=signed_in)
    def exempt(sitting_id: str, given: Exempt) -> dict[str, Any]:
        slot = Slot.parse(given.slot)
        return sitting_view(station.sittings.except_slot(sitting_id, slot, given.reason, given.supervisor, given.pin))

    @router.post("/sittings/{sitting_id}/go-on", dependencies=signed_in)
    def go_on(sitting_id: str, reason: ReasonField) -> dict[str, Any]:
        return sitting_view(station.sittings.go_on(sitting_id, reason))

    @router.post("/sittings/{sitting_id}/abandon", status_code=204)
    def abandon(who: operator, sitting_id: str, reason: ReasonField) -> None:
        station.sittings.abandon(sitting_id, who, reason)

    @router.post("/sittings/{sitting_id}/save")
    def save(who: operator, sitting_id: str, given: Save) -> dict[str, Any]:
        supervisor = station.supervisor(given.supervisor, given.pin or "") if given.supervisor else None
        return recording_view(station.sittings.save(sitting_id, who, supervisor=supervisor, consent=given.consent))

    return router


PART: Final = Part(sitting_routes)
