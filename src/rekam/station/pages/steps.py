"""The pages of a sitting's steps: biodata, and the four at which something is captured."""

from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.eligibility import background_colour
from rekam.enrolment.sample import Slot
from rekam.station.capture import BARS, FORCE_AFTER
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.lately import Attempt
from rekam.station.pages import body
from rekam.station.pages.counter import around, image_address, step_of
from rekam.station.pages.words import STEP_NAMES, advice, card_words, problem_words
from rekam.station.sitting import Capture, Sitting
from rekam.station.steps import STEPS, Step
from rekam.web.i18n import _
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

_LEADS = {Step.BIODATA, Step.REVIEW}


def step_pages(front: Front) -> APIRouter:
    """`/sittings/<id>` leads to where the sitting stands; `?slot=` chooses one of a step's fingers or eyes."""
    station, sessions, lately = front.station, front.sessions, front.lately
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])

    @router.get("")
    def resume(sitting_id: str) -> Response:
        try:
            sitting = station.sittings.find(sitting_id)
        except UnknownSitting:
            saved = station.here.recordings.of_sitting(sitting_id)
            if saved is None:
                raise
            return RedirectResponse(f"/recordings/{saved.packet_id}", 303)
        return RedirectResponse(
            f"/sittings/{sitting_id}/{'warning' if sitting.needs_reason else sitting.next_step}", 303
        )

    @router.get("/biodata")
    def biodata(request: Request, sitting_id: str) -> Response:
        sitting = station.sittings.find(sitting_id)
        return render(
            request,
            "biodata.html",
            **around(sitting, Step.BIODATA),
            biodata=sitting.biodata,
            words=card_words(sitting.biodata, station.here.master.reference()),
        )

    @router.post("/biodata")
    def confirm(sitting_id: str) -> Response:
        return RedirectResponse(f"/sittings/{sitting_id}/{station.sittings.confirm_biodata(sitting_id).next_step}", 303)

    @router.get("/{step}")
    def capture(request: Request, sitting_id: str, step: Step, slot: str = "") -> Response:
        sitting = station.sittings.find(sitting_id)
        wanted = Slot.parse(slot) if slot else None
        if step in _LEADS or (wanted is not None and step_of(wanted) is not step):
            return RedirectResponse(f"/sittings/{sitting_id}", 303)
        view = CaptureView(sitting, step, wanted, lately.of(sitting_id))
        return render(request, f"{step}.html", **around(sitting, step), view=view, body=body)

    return router


@dataclass(frozen=True)
class CaptureView:
    """What a capture page shows: which slot comes next, which one is in the frame, and what to say about it."""

    sitting: Sitting
    step: Step
    wanted: Slot | None
    last: Attempt | None

    @property
    def name(self) -> str:
        return _(STEP_NAMES[self.step])

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.sitting.slots_of(self.step)

    @property
    def next_slot(self) -> Slot | None:
        """The one to capture now; None when the step is done."""
        if self.wanted is not None and not self.sitting.filled(self.wanted):
            return self.wanted
        return next((slot for slot in self.slots if not self.sitting.filled(slot)), None)

    @property
    def attempt(self) -> Attempt | None:
        """The last attempt, if it was at this step and nothing else was chosen since."""
        if self.last is None or self.last.slot not in self.slots or self.wanted not in {None, self.last.slot}:
            return None
        return self.last

    @property
    def shown(self) -> Slot | None:
        """The one in the frame: what was chosen, else what was captured last, else the only one there is."""
        if self.wanted is not None:
            return self.wanted
        if self.attempt is not None:
            return self.attempt.slot
        return self.slots[0] if len(self.slots) == 1 else None

    @property
    def capture(self) -> Capture | None:
        return self.sitting.captures.get(self.shown) if self.shown else None

    @property
    def held(self) -> Any:
        """The exception of the slot in the frame."""
        return self.sitting.exceptions.get(self.shown) if self.shown else None

    @property
    def image(self) -> str | None:
        return image_address(self.sitting, self.shown) if self.shown and self.capture else None

    @property
    def needed(self) -> int:
        return BARS[self.slots[0].modality]

    @property
    def problem(self) -> str | None:
        """Why the last attempt gave no image at all."""
        if self.attempt is None or self.attempt.problem is None:
            return None
        return problem_words(self.attempt.slot, self.attempt.problem)

    @property
    def advice(self) -> list[Any]:
        """What to do about a weak sample; the last attempt's reasons before the best one's."""
        if self.problem or self.capture is None or self.capture.good:
            return []
        judged = self.attempt.judged if self.attempt else None
        return advice(self.capture.slot.modality, judged.reasons if judged else self.capture.reasons)

    @property
    def may_keep(self) -> bool:
        """Whether the best attempt may be kept although it is weak."""
        return self.capture is not None and not self.capture.good and self.capture.attempts >= FORCE_AFTER

    @property
    def attempts(self) -> int:
        return self.sitting.attempts.get(self.shown, 0) if self.shown else 0

    @property
    def following(self) -> str:
        """Where this step leads when it is done."""
        return f"/sittings/{self.sitting.sitting_id}/{STEPS[STEPS.index(self.step) + 1]}"

    @property
    def following_name(self) -> str:
        return _(STEP_NAMES[STEPS[STEPS.index(self.step) + 1]])

    @property
    def background(self) -> str:
        return background_colour(self.sitting.biodata.birth_date)

    def state(self, slot: Slot) -> str:
        """``exception``, ``done``, ``weak``, ``next`` or ``todo``, for the drawing of hands and eyes."""
        if slot in self.sitting.exceptions:
            return "exception"
        if self.sitting.filled(slot):
            return "done"
        if slot in self.sitting.captures:
            return "weak"
        return "next" if slot == self.next_slot else "todo"

    def state_words(self, slot: Slot) -> str:
        words = {
            "exception": _("dikecualikan"),
            "done": _("cukup"),
            "weak": _("perlu diulang"),
            "next": _("berikutnya"),
            "todo": _("belum"),
        }
        return words[self.state(slot)]


PART: Final = Part(step_pages)
