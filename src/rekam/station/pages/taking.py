"""Taking samples with a device: pressing the button, waiting, giving up; and where an attempt leads back to."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.sample import Slot
from rekam.station.front import Front
from rekam.station.pages.capture_view import following_step
from rekam.station.pages.counter import step_of
from rekam.station.sitting import Sitting
from rekam.station.steps import Step, StepState
from rekam.web.part import Part

__all__ = ["PART", "PATIENCE_S", "Slots", "led_back"]

PATIENCE_S: Final = 3.0
"""How long the answer to a press of the button waits for the device; then the page says that the capture goes on."""
_HANDS_FREE: Final = frozenset({Step.FINGERS, Step.IRISES})
"""Steps that lead on by themselves once all is good: nobody looks at a ridge for its own sake."""

Slots = Annotated[list[str], Form(alias="slot", min_length=1, max_length=10)]


def taking_pages(front: Front) -> APIRouter:
    """Each attempt leads back to the page of its step, which shows how it went."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])

    @router.post("/capture")
    def capture(sitting_id: str, slots: Slots, seen: Annotated[int | None, Form()] = None) -> Response:
        """`seen` counts the attempts that the page knew of: with more of them made since, in another tab or before a
        page came back, nothing is taken and the newer state is shown.
        """
        wanted = tuple(Slot.parse(slot) for slot in slots)
        sitting = station.sittings.find(sitting_id)
        going = front.under_way.of(sitting_id)
        if going is None:
            if seen is not None and seen != sum(sitting.attempts.values()):
                return led_back(sitting, wanted)
            take = partial(station.sittings.capture_together, sitting_id, wanted)
            going = front.under_way.begin(sitting_id, wanted, lambda still: take(still=still))
        if not going.done.wait(PATIENCE_S):
            return RedirectResponse(f"/sittings/{sitting_id}/{step_of(going.slots[0])}", 303)
        return led_back(station.sittings.find(sitting_id), wanted)

    @router.get("/capture")
    def still(sitting_id: str) -> dict[str, int | str | None]:
        """What a waiting page asks: for how many seconds a capture has been under way; once there is none, None, and
        ``to``, where the answer to the press of the button would have led.
        """
        going = front.under_way.of(sitting_id)
        if going is not None:
            return {"going": front.under_way.seconds(going)}
        last = front.lately.of(sitting_id)
        if last is None or last.fault:
            return {"going": None}
        return {"going": None, "to": led_back(station.sittings.find(sitting_id), last.slots).headers["location"]}

    @router.post("/give-up")
    def give_up(sitting_id: str, *, skip: Annotated[bool, Form()] = False) -> Response:
        """A device that does not answer is waited for no longer; `skip` goes on with the next step."""
        sitting, going = station.sittings.find(sitting_id), front.under_way.of(sitting_id)
        front.under_way.give_up(sitting_id)
        if going is None:
            return RedirectResponse(f"/sittings/{sitting_id}", 303)
        step = step_of(going.slots[0])
        return RedirectResponse(f"/sittings/{sitting_id}/{following_step(sitting, step) if skip else step}", 303)

    return router


def led_back(sitting: Sitting, slots: Sequence[Slot]) -> Response:
    """To the warning that this attempt raised; on, where the step leads on by itself; else to what was attempted."""
    step, at = step_of(slots[0]), f"/sittings/{sitting.sitting_id}"
    if sitting.steps()[step] is StepState.DONE:
        if sitting.needs_reason:
            return RedirectResponse(f"{at}/warning", 303)
        if step in _HANDS_FREE:
            return RedirectResponse(f"{at}/{following_step(sitting, step)}", 303)
    alone = len(slots) == 1 and not sitting.filled(slots[0])
    return RedirectResponse(f"{at}/{step}{f'?slot={slots[0]}' if alone else ''}", 303)


PART: Final = Part(taking_pages)
