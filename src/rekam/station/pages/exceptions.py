"""The page that notes why fingers, eyes or a signature cannot be captured; a supervisor confirms all of them at once
when the sitting is saved.
"""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import REASON_WORDS, ExceptionReason, Modality, Slot
from rekam.station.front import Front
from rekam.station.pages.capture_view import following_step
from rekam.station.pages.counter import around, step_of
from rekam.station.pages.hints import placement_name
from rekam.station.sitting import Sitting
from rekam.station.station import Station
from rekam.station.steps import StepState
from rekam.web.i18n import Language, error_text, language
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "supervisors"]


class NoReasonChosen(RekamError):
    """No reason was chosen, so nothing was noted. Choose why it cannot be captured, then confirm again."""


class NothingChosen(RekamError):
    """Nothing was chosen, so nothing was noted. Choose what cannot be captured, then note it again."""


Asked = Annotated[list[str], Query(min_length=1, max_length=10)]
Chosen = Annotated[list[str], Form(alias="slot", max_length=10)]


def supervisors(station: Station) -> list[tuple[str, str]]:
    """(id, name) of everyone who may confirm at this station."""
    return [(one.subject, one.name) for one in station.operators.listed() if one.supervises]


def exception_pages(front: Front) -> APIRouter:
    """Exceptions never block a sitting: noting one needs no supervisor at hand, saving it does."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}/exception", dependencies=[Depends(sessions.require)])

    @router.get("")
    def ask(
        request: Request, sitting_id: str, slot: Annotated[list[str], Query(min_length=1, max_length=10)]
    ) -> Response:
        offered = [Slot.parse(text) for text in slot]
        chosen = offered if len(offered) == 1 else ()
        return _page(request, station.sittings.find(sitting_id), offered, chosen=chosen)

    @router.post("")
    def note(
        request: Request,
        sitting_id: str,
        offered: Annotated[list[str], Form(min_length=1, max_length=10)],
        slots: Chosen = [],  # noqa: B006 - FastAPI copies it
        reason: Annotated[ExceptionReason | None, Form()] = None,
    ) -> Response:
        wanted, known = [Slot.parse(text) for text in slots], [Slot.parse(text) for text in offered]
        try:
            if not wanted:
                raise NothingChosen
            if reason is None:
                raise NoReasonChosen
            front.under_way.give_up(sitting_id)
            sitting = station.sittings.note_exceptions(sitting_id, dict.fromkeys(wanted, reason))
        except RekamError as problem:
            found = station.sittings.find(sitting_id)
            return _page(request, found, known, chosen=wanted, reason=reason or "", problem=problem)
        step = step_of(wanted[0])
        done = sitting.steps()[step] is StepState.DONE
        return RedirectResponse(f"/sittings/{sitting_id}/{following_step(sitting, step) if done else step}", 303)

    @router.post("/take-back")
    def take_back(sitting_id: str, slot: Annotated[str, Form()]) -> Response:
        wanted = Slot.parse(slot)
        station.sittings.take_back(sitting_id, wanted)
        return RedirectResponse(f"/sittings/{sitting_id}/{step_of(wanted)}?slot={wanted}", 303)

    return router


def _page(
    request: Request,
    sitting: Sitting,
    offered: Sequence[Slot],
    *,
    chosen: Sequence[Slot],
    reason: str = "",
    problem: RekamError | None = None,
) -> Response:
    step, modality = step_of(offered[0]), offered[0].modality
    english = language() is Language.ENGLISH
    reasons = [(str(each), REASON_WORDS[each][english]) for each in ExceptionReason.choices(modality)]
    return render(
        request,
        "exception.html",
        status=422 if problem else 200,
        **around(sitting, step),
        name=placement_name(tuple(offered)),
        slots=[(str(slot), slot.label(language())) for slot in offered],
        chosen=[str(slot) for slot in chosen],
        reasons=reasons,
        reason=reason or (reasons[0][0] if len(reasons) == 1 else ""),
        thumb_instead=modality is Modality.SIGNATURE,
        refusal=error_text(problem) if problem else None,
        back_to=f"/sittings/{sitting.sitting_id}/{step}",
    )


PART: Final = Part(exception_pages)
