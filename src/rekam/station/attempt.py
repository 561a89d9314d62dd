"""One attempt at one slot or several at once, from what a device gave to what the sitting keeps: `attempted`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Slot
from rekam.station.capture import Judged, judge, take
from rekam.station.devices.port import Captured
from rekam.station.sitting import Capture, Sitting
from rekam.station.sizes import Sizes

__all__ = ["Outcome", "Verdicts", "attempted", "judged_images"]

Verdicts = tuple[tuple[Captured, Judged | RekamError], ...]


@dataclass(frozen=True)
class Outcome:
    """How an attempt went: the sitting after it, the captures that are now the best of their slots, how each image was
    judged, and for slots that gave nothing usable, why.
    """

    sitting: Sitting
    kept: tuple[Capture, ...]
    judged: Mapping[Slot, Judged] = field(default_factory=dict)
    problems: Mapping[Slot, RekamError] = field(default_factory=dict)

    def of(self, slot: Slot) -> tuple[Sitting, Judged]:
        """For an attempt at one slot; raises its problem."""
        if slot in self.problems:
            raise self.problems[slot]
        return self.sitting, self.judged[slot]


def judged_images(sitting: Sitting, captured: Iterable[Captured]) -> Verdicts:
    """Each image with its judgement, or with what is wrong with the file. The long part of an attempt: no lock."""
    return tuple((one, _judged(sitting, one)) for one in captured)


def _judged(sitting: Sitting, captured: Captured) -> Judged | RekamError:
    try:
        return judge(captured.slot, captured.image, sitting)
    except RekamError as problem:
        return problem


def attempted(
    sitting: Sitting,
    verdicts: Verdicts,
    missed: Mapping[Slot, RekamError],
    sizes: Sizes,
    *,
    forced: bool,
) -> Outcome:
    """The sitting after this attempt; what gave nothing usable counts as an attempt too. Raises `TooEarlyToForce`."""
    kept, judged, problems = list[Capture](), dict[Slot, Judged](), dict[Slot, RekamError]()
    for captured, verdict in verdicts:
        slot = captured.slot
        told = _size_problem(sitting, captured, sizes) or verdict
        if isinstance(told, RekamError):
            sitting, problems[slot] = sitting.with_attempt(slot), told
            continue
        sitting, capture = take(sitting, captured, told, forced=forced)
        judged[slot] = told
        kept.append(capture)
    for slot, why in missed.items():
        if slot not in sitting.exceptions:
            sitting, problems[slot] = sitting.with_attempt(slot), why
    return Outcome(sitting, tuple(kept), judged, problems)


def _size_problem(sitting: Sitting, captured: Captured, sizes: Sizes) -> RekamError | None:
    try:
        sizes.check_sample(sitting, captured.slot, captured.image)
    except RekamError as problem:
        return problem
    return None
