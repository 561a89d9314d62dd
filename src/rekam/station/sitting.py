"""One resident at the counter: `Sitting`, its steps in order, and where each of them stands."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.enrolment import Enrolment, IncompleteEnrolment
from rekam.enrolment.errors import RekamError
from rekam.enrolment.hand import hands_to_show
from rekam.enrolment.problems import Problem, ProblemKind, Problems
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, Modality, Sample, SampleException, Slot
from rekam.station.pass_photo import Cutting
from rekam.station.steps import MODALITY_OF, STEPS, Step, StepState

__all__ = ["BiodataNotConfirmed", "Capture", "GoOnNeedsReason", "Sitting"]


class GoOnNeedsReason(RekamError):
    """Going on after a warning needs a reason of your own words; it travels with the recording. Nothing was changed.
    Write why this recording is right, then go on.
    """


class BiodataNotConfirmed(RekamError):
    """The biodata was not compared with the family card (KK) yet, so nothing was saved. The sitting is kept.
    Read the biodata out to the resident, confirm it, then save again.
    """


@dataclass(frozen=True)
class Capture:
    """The best attempt so far at one slot. `template` is what the local search compares, None where there is none.

    `good` says that it reached the bar of its modality, or that the operator keeps it after enough attempts. `cutting`
    is where a photo lies in the picture that it was cut out of.
    """

    slot: Slot
    media_type: str
    image: bytes = field(repr=False)
    quality: int
    reasons: tuple[str, ...]
    attempts: int
    device: str
    forced: bool
    good: bool
    template: bytes | None = field(default=None, repr=False)
    cutting: Cutting | None = None

    def sample(self) -> Sample:
        return Sample(
            self.slot, self.media_type, self.image, self.quality, self.attempts, self.device, forced=self.forced
        )


@dataclass(frozen=True)
class Sitting:
    """The state of one sitting. Every change gives a new one; the drafts keep it.

    `warnings` are the numbers of this station's recordings that look like the same person; `supervisor` is who
    confirmed exceptions; `agreed` is the digest of what the resident said yes to on their own screen.
    """

    sitting_id: str
    biodata: Biodata
    opened_by: str
    opened_at: str
    check: CheckAdvice
    confirmed: bool = False
    captures: Mapping[Slot, Capture] = field(default_factory=dict)
    exceptions: Mapping[Slot, SampleException] = field(default_factory=dict)
    attempts: Mapping[Slot, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    supervisor: str | None = None
    agreed: str = ""

    @classmethod
    def open(cls, biodata: Biodata, check: CheckAdvice, *, operator: str, at: str) -> Self:
        return cls(uuid.uuid4().hex, biodata, operator, at, check)

    @property
    def nik(self) -> str:
        return self.biodata.nik

    def confirm_biodata(self) -> Self:
        return replace(self, confirmed=True)

    def renewed(self, biodata: Biodata, check: CheckAdvice) -> Self:
        """With what the extract has now, to be compared anew. A warning that was met before stays, with its reason."""
        kept = self.check if self.check.answer.warns else check
        return replace(self, biodata=biodata, check=kept, confirmed=False, agreed="")

    def slots_of(self, step: Step) -> tuple[Slot, ...]:
        """In the order of the counter; after the fingers the hands of which a photo is asked."""
        slots = tuple(slot for slot in ALL_SLOTS if slot.modality is MODALITY_OF.get(step))
        return slots + self.hands if step is Step.FINGERS else slots

    @property
    def hands(self) -> tuple[Slot, ...]:
        """Of which a photo is asked, because of what their fingers' exceptions say."""
        return hands_to_show(self.exceptions.values())

    def filled(self, slot: Slot) -> bool:
        capture = self.captures.get(slot)
        return slot in self.exceptions or (capture is not None and capture.good)

    def with_capture(self, capture: Capture) -> Self:
        """Takes over the best attempt and drops an exception of that slot."""
        return replace(
            self,
            captures={**self.captures, capture.slot: capture},
            exceptions={slot: held for slot, held in self.exceptions.items() if slot != capture.slot},
            attempts={**self.attempts, capture.slot: capture.attempts},
        )

    def recut(self, photo: Capture) -> Self:
        """The same attempt with its frame elsewhere."""
        return replace(self, captures={**self.captures, photo.slot: photo})

    def with_attempt(self, slot: Slot) -> Self:
        """An attempt that gave nothing usable still counts."""
        return replace(self, attempts={**self.attempts, slot: self.attempts.get(slot, 0) + 1})

    def keep_best(self, slot: Slot) -> Self:
        """The best attempt at `slot` counts although it is weak."""
        best = self.captures[slot]
        attempts = self.attempts.get(slot, best.attempts)
        kept = replace(best, forced=not best.good, good=True, attempts=attempts)
        return replace(self, captures={**self.captures, slot: kept})

    def with_exception(self, slot: Slot, reason: ExceptionReason, supervisor: str) -> Self:
        """The slot stays empty for a reason that `supervisor` confirmed, or, where that is empty, has yet to."""
        best = self.captures.get(slot)
        held = SampleException(slot, reason, self.attempts.get(slot, 0), best.quality if best else None, supervisor)
        return replace(
            self,
            captures={key: capture for key, capture in self.captures.items() if key != slot},
            exceptions={**self.exceptions, slot: held},
            supervisor=supervisor or self.supervisor,
        )

    def without_exception(self, slot: Slot) -> Self:
        return replace(self, exceptions={key: held for key, held in self.exceptions.items() if key != slot})

    def confirm_exceptions(self, supervisor: str) -> Self:
        """One supervisor stands behind all of them."""
        confirmed = {slot: replace(held, confirmed_by=supervisor) for slot, held in self.exceptions.items()}
        return replace(self, exceptions=confirmed, supervisor=supervisor)

    def warned(self, numbers: tuple[str, ...]) -> Self:
        """The local search found this person in recordings of this station."""
        if not numbers or set(numbers) <= set(self.warnings):
            return self
        check = replace(
            self.check, answer=CheckAnswer.SAME_PERSON_HERE, source=", ".join(numbers), as_of="", reason_to_go_on=""
        )
        return replace(self, warnings=tuple(sorted({*self.warnings, *numbers})), check=check)

    def go_on(self, reason: str) -> Self:
        """The operator goes on after a warning; the reason travels in the packet."""
        if not reason.strip():
            raise GoOnNeedsReason
        return replace(self, check=replace(self.check, reason_to_go_on=reason.strip()))

    @cached_property
    def digest(self) -> str:
        """Of everything that a resident is shown before saving: any change of it makes an earlier yes void."""
        images = [f"{slot} {held.sample().digest.hex()}" for slot, held in sorted(self.captures.items())]
        missing = [f"{slot} {held.reason}" for slot, held in sorted(self.exceptions.items())]
        biodata = json.dumps(self.biodata.to_map(), sort_keys=True, default=str)
        return hashlib.sha256("\n".join([biodata, *images, *missing]).encode()).hexdigest()

    @property
    def resident_agreed(self) -> bool:
        """Whether the resident said yes to all that would be saved now."""
        return bool(self.agreed) and self.agreed == self.digest

    @property
    def needs_reason(self) -> bool:
        return self.check.answer.warns and not self.check.reason_to_go_on

    def steps(self) -> dict[Step, StepState]:
        """The task list: what is done, what comes next, what needs a look."""
        states = {step: self._state(step) for step in STEPS}
        following = next((step for step, state in states.items() if state is not StepState.DONE), Step.REVIEW)
        if states[following] is StepState.TODO:
            states[following] = StepState.CURRENT
        return states

    @property
    def next_step(self) -> Step:
        return next((step for step, state in self.steps().items() if state is not StepState.DONE), Step.REVIEW)

    def _state(self, step: Step) -> StepState:
        if step is Step.BIODATA:
            return StepState.DONE if self.confirmed else StepState.TODO
        if step is Step.REVIEW:
            return StepState.ATTENTION if self.needs_reason else StepState.TODO
        slots = self.slots_of(step)
        if all(self.filled(slot) for slot in slots):
            return StepState.DONE
        tried = any(slot in self.captures for slot in slots if not self.filled(slot))
        return StepState.ATTENTION if tried else StepState.TODO

    def problems(self, operator: str) -> tuple[Problem, ...]:
        """What still keeps this sitting from being saved by `operator`, but for the resident's consent."""
        enrolment = self._enrolment(operator=operator, consent=True, recorded_at="")
        return (*enrolment.problems(), *self._hands_not_shown())

    def enrolment(self, *, operator: str, consent: bool, recorded_at: str) -> Enrolment:
        """What is sealed; raises `BiodataNotConfirmed`, and `IncompleteEnrolment` with everything still to do."""
        if not self.confirmed:
            raise BiodataNotConfirmed
        enrolment = self._enrolment(operator=operator, consent=consent, recorded_at=recorded_at)
        problems = (*enrolment.problems(), *self._hands_not_shown())
        if problems:
            raise IncompleteEnrolment(todo=Problems(problems))
        return enrolment

    def _hands_not_shown(self) -> tuple[Problem, ...]:
        return tuple(Problem(ProblemKind.SLOT_EMPTY, hand) for hand in self.hands if not self.filled(hand))

    def _belongs(self, slot: Slot) -> bool:
        """A photo of a hand that nothing asks for any more is not kept with the recording."""
        return slot.modality is not Modality.HAND or slot in self.hands

    def _enrolment(self, *, operator: str, consent: bool, recorded_at: str) -> Enrolment:
        return Enrolment(
            sitting_id=self.sitting_id,
            biodata=self.biodata,
            samples=tuple(
                capture.sample()
                for slot, capture in sorted(self.captures.items())
                if capture.good and self._belongs(slot)
            ),
            exceptions=tuple(held for slot, held in sorted(self.exceptions.items()) if self._belongs(slot)),
            consent=consent,
            check=self.check,
            operator=operator,
            supervisor=self.supervisor if self.exceptions else None,
            recorded_at=recorded_at,
        )
