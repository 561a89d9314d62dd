"""What a capture page shows: what comes next, how the last attempt went, what can be done: `CaptureView`."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rekam.enrolment.eligibility import background_colour
from rekam.enrolment.sample import Modality, SampleException, Slot
from rekam.station.capture import BARS, FORCE_AFTER
from rekam.station.lately import Attempt
from rekam.station.pages.counter import image_address
from rekam.station.pages.frame_steps import FRAME_STEP, MOVES
from rekam.station.pages.hints import hints, placement_name, placement_task
from rekam.station.pages.words import STEP_NAMES, Advice, advice, problem_words
from rekam.station.pass_photo import Cutting, FrameTooWeak
from rekam.station.placement import Placement, next_placement
from rekam.station.sitting import Capture, Sitting
from rekam.station.steps import STEPS, Step, StepState
from rekam.web.i18n import _

__all__ = ["CaptureView", "Result", "following_step"]

SLOW_S: Final = 8
"""Seconds after which a page offers to give the device up."""


_FIVE: Final = 5  # fingers of the right hand have positions 1 to 5


def following_step(sitting: Sitting, step: Step) -> Step:
    """The next one that is not done; after the last, what was skipped before."""
    states = sitting.steps()
    later = STEPS[STEPS.index(step) + 1 :]
    undone = next((each for each in later if states[each] is not StepState.DONE), Step.REVIEW)
    return sitting.next_step if undone is Step.REVIEW else undone


def _from_left(slot: Slot) -> int:
    """As the hands lie and the eyes look in the drawing: the resident's left at the left."""
    if slot.modality is Modality.FINGER:
        return -slot.position if slot.position > _FIVE else slot.position
    return -slot.position


@dataclass(frozen=True)
class Result:
    """One slot in the frame: its best capture so far, its exception, or nothing but its name."""

    slot: Slot
    capture: Capture | None
    held: SampleException | None
    image: str | None


@dataclass(frozen=True)
class CaptureView:
    """`wanted` is the slot that was chosen by hand, `last` the newest attempt of the sitting, `groups` what the devices
    take at once, `waited` for how many seconds a capture has been under way, None where there is none;
    `devices`: what a device known here captures, plugged in or not; all else the browser's own camera or pad does.
    """

    sitting: Sitting
    step: Step
    wanted: Slot | None
    last: Attempt | None
    groups: tuple[Placement, ...] = ()
    waited: int | None = None
    devices: frozenset[Modality] = frozenset(Modality)

    @property
    def name(self) -> str:
        return _(STEP_NAMES[self.step])

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.sitting.slots_of(self.step)

    @property
    def modality(self) -> Modality:
        """Of what is asked for or was chosen: after the fingers, a hand."""
        meant = self.wanted or next(iter(self.placement), None)
        return (meant or self.slots[0]).modality

    @property
    def by_device(self) -> bool:
        return self.modality in self.devices

    @property
    def upload_slot(self) -> Slot:
        """What an image of the browser's camera or of a file fills."""
        return self.wanted or next(iter(self.placement), self.slots[0])

    @property
    def uncaptured_hand(self) -> Slot | None:
        """The hand that is to be shown to the camera now."""
        return next((slot for slot in self.placement if slot.modality is Modality.HAND), None)

    @cached_property
    def placement(self) -> Placement:
        """What to capture now; empty when the step is done."""
        if self.wanted is not None and not self.sitting.filled(self.wanted):
            return (self.wanted,)
        return next_placement(self.sitting, self.slots, self.groups)

    @property
    def open_slots(self) -> Placement:
        """Of the placement, what is not good yet."""
        return tuple(slot for slot in self.placement if not self.sitting.filled(slot))

    @property
    def task(self) -> str:
        return placement_task(self.placement)

    @property
    def placed(self) -> str:
        """The placement's name within a sentence."""
        return placement_name(self.placement)

    @property
    def tried(self) -> bool:
        """Whether this is a repetition."""
        return any(self.sitting.attempts.get(slot) for slot in self.open_slots)

    @property
    def attempt(self) -> Attempt | None:
        """The last attempt, if it was at this step and nothing else was chosen since."""
        if self.last is None or self.last.slots[0] not in self.slots:
            return None
        return self.last if self.wanted in {None, *self.last.slots} else None

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """What is in the frame: the chosen slot, else what was attempted last, else the only one there is."""
        if self.wanted is not None:
            shown: Placement = (self.wanted,)
        elif self.attempt is not None:
            shown = self.attempt.slots
        else:
            shown = self.slots if len(self.slots) == 1 else ()
        found = (self._result(slot) for slot in sorted(shown, key=_from_left))
        return tuple(result for result in found if result.image or result.held)

    def _result(self, slot: Slot) -> Result:
        capture = self.sitting.captures.get(slot)
        image = image_address(self.sitting, slot) if capture else None
        return Result(slot, capture, self.sitting.exceptions.get(slot), image)

    @property
    def chosen(self) -> Result | None:
        """The single thing in the frame, which can be taken once more."""
        return self.results[0] if len(self.results) == 1 else None

    @property
    def needed(self) -> int:
        return BARS[self.modality]

    @property
    def problems(self) -> list[str]:
        """Why the last attempt gave no image at all, each sentence once; nothing while another is under way."""
        if self.attempt is None or self.waited is not None:
            return []
        return list(dict.fromkeys(problem_words(slot, told) for slot, told in self.attempt.problems.items()))

    @property
    def problem_title(self) -> str:
        told = self.attempt.problems.values() if self.attempt else ()
        return _("Bingkai tidak dipindah") if any(isinstance(one, FrameTooWeak) for one in told) else _("Belum terekam")

    @property
    def cutting(self) -> Cutting | None:
        """Where the frame lies in the photo's whole picture, while it may be moved: the photo is in the frame and it is
        not about to be taken anew.
        """
        best = self.sitting.captures.get(self.slots[0]) if self.step is Step.PHOTO else None
        return best.cutting if best is not None and not self.placement and self.waited is None else None

    @property
    def frame_moves(self) -> list[tuple[str, str, str]]:
        return [(str(move), sign, _(words)) for move, sign, words in MOVES]

    @property
    def frame_step(self) -> float:
        return FRAME_STEP

    @property
    def advice(self) -> list[Advice]:
        """What to do about weak samples; the last attempt's reasons before the best one's."""
        weak = [result.capture for result in self.results if result.capture and not result.capture.good]
        judged = self.attempt.judged if self.attempt else {}
        reasons = [judged[one.slot].reasons if one.slot in judged else one.reasons for one in weak]
        told = [found for each in reasons for found in advice(self.modality, each)]
        return [] if self.problems else list(dict.fromkeys(told))

    @property
    def keepable(self) -> Placement:
        """Weak ones that were tried often enough: their best attempt may be kept."""
        weak = (slot for slot in self.open_slots if slot in self.sitting.captures)
        return tuple(slot for slot in weak if self.sitting.attempts.get(slot, 0) >= FORCE_AFTER)

    @property
    def attempts(self) -> int:
        """The most that were made at anything in the frame."""
        return max((self.sitting.attempts.get(result.slot, 0) for result in self.results), default=0)

    @property
    def seen(self) -> int:
        """All attempts of the sitting that this page knows of."""
        return sum(self.sitting.attempts.values())

    @property
    def previewed(self) -> bool:
        """Whether the frame shows what the sensor sees, not what was chosen to be looked at."""
        pictured = self.modality is not Modality.SIGNATURE and self.by_device
        return bool(self.placement) and pictured and self.waited is None

    @property
    def automatic(self) -> bool:
        """Whether a good picture is taken by itself: not after a fault, not beyond the third attempt, and not while
        the operator looks at something that was chosen.
        """
        looking = self.wanted is not None and self.wanted not in self.placement
        enough = any(self.sitting.attempts.get(slot, 0) >= FORCE_AFTER for slot in self.open_slots)
        fault = self.attempt is not None and self.attempt.fault
        return self.previewed and self.modality is not Modality.HAND and not (looking or enough or fault)

    @property
    def hints(self) -> dict[str, str]:
        return hints(self.modality)

    @property
    def slow(self) -> bool:
        return self.waited is not None and self.waited >= SLOW_S

    @property
    def following(self) -> Step:
        return following_step(self.sitting, self.step)

    @property
    def following_name(self) -> str:
        return _(STEP_NAMES[self.following])

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
        return "next" if slot in self.placement else "todo"

    def state_words(self, slot: Slot) -> str:
        words = {
            "exception": _("dikecualikan"),
            "done": _("cukup"),
            "weak": _("perlu diulang"),
            "next": _("berikutnya"),
            "todo": _("belum"),
        }
        return words[self.state(slot)]
