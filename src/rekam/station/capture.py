"""Judging a captured image at once and keeping the best of several attempts: `Judge`, `take`."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from rekam.enrolment.eligibility import background_colour
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality, Slot
from rekam.station.devices.port import Captured
from rekam.station.sitting import Capture, Sitting

__all__ = ["BARS", "FORCE_AFTER", "Judged", "TooEarlyToForce", "judge", "require_force", "take"]

BARS: Final = {Modality.PHOTO: 40, Modality.SIGNATURE: 1, Modality.FINGER: 70, Modality.IRIS: 50}
"""Least quality (0-100) that is kept without another attempt. Of pairs whose worse print lies between 55 and 70, 25 %
fail to match on fvc2004 and 8 % on fvc2002, between 70 and 85 12 % and none; on mmu1 irises from 50 on fail least."""
FORCE_AFTER: Final = 3
"""Attempts before the operator may keep a weak sample (MOSIP's default is three retries, INTEROP)."""
_INK_SHARE: Final = (0.0005, 0.35)
"""Share of dark pixels that a signature may have: less is an empty pad, more is a photograph."""
_PAPER_LEVEL, _PAPER_SHARE, _PAPER_SPREAD = 140, 0.6, 40
"""What a signature is written on: light, and most of the picture; portraits have neither."""


class TooEarlyToForce(RekamError):
    """{slot} was tried {attempts} times. Nothing was changed. Try at least {needed} times, then keep the best attempt,
    or choose the reason why it cannot be captured.
    """


@dataclass(frozen=True)
class Judged:
    """`quality` 0-100, `reasons` what lowered it, `template` as `TemplateSet` bytes for the local search."""

    quality: int
    reasons: tuple[str, ...]
    template: bytes | None = None


def judge(slot: Slot, image: bytes, sitting: Sitting) -> Judged:
    """How good this image is for its slot. Raises an `AbisError` for a file that is no such image at all."""
    from rekam.abis.assess import assess  # with the engine, after the first page was served (ADR 0046)
    from rekam.abis.face.check import check_photo
    from rekam.abis.template_set import TemplateSet

    match slot.modality:
        case Modality.PHOTO:
            red = background_colour(sitting.biodata.birth_date) == "red"
            verdict = check_photo(image, "red" if red else "blue")
            return Judged(verdict.score, tuple(str(reason) for reason in verdict.reasons))
        case Modality.SIGNATURE:
            return _judge_signature(image)
        case _:
            found = assess(str(slot), image)
            template = TemplateSet({str(slot): found.template}).to_bytes() if found.template else None
            return Judged(found.quality, found.reasons, template)


def _judge_signature(image: bytes) -> Judged:
    from rekam.abis.image import load_image

    pixels = load_image(image).pixels.astype(np.int16)
    paper = float(np.median(pixels))
    ink = float(np.mean(pixels < paper - 48))
    flat = float(np.mean(np.abs(pixels - paper) < _PAPER_SPREAD))
    least, most = _INK_SHARE
    if paper < _PAPER_LEVEL or flat < _PAPER_SHARE or ink > most:
        return Judged(0, ("not-a-signature",))
    return Judged(0, ("empty",)) if ink < least else Judged(90, ())


def take(sitting: Sitting, captured: Captured, judged: Judged, *, forced: bool) -> tuple[Sitting, Capture]:
    """The sitting after one more attempt, and the best capture of the slot so far.

    `forced` keeps the best attempt although it is weak; raises `TooEarlyToForce` before `FORCE_AFTER` attempts.
    """
    slot, attempts = captured.slot, sitting.attempts.get(captured.slot, 0) + 1
    if forced:
        require_force(sitting, slot)
    best = sitting.captures.get(slot)
    good = judged.quality >= BARS[slot.modality]
    if best is not None and best.quality > judged.quality:
        kept = replace(best, attempts=attempts, forced=forced and not best.good, good=best.good or forced)
    else:
        kept = Capture(
            slot,
            captured.media_type,
            captured.image,
            judged.quality,
            judged.reasons,
            attempts,
            captured.device,
            forced=forced and not good,
            good=good or forced,
            template=judged.template,
        )
    return sitting.with_capture(kept), kept


def require_force(sitting: Sitting, slot: Slot) -> None:
    """Raises `TooEarlyToForce` where the attempt at hand would not be the third one."""
    made = sitting.attempts.get(slot, 0)
    if made + 1 < FORCE_AFTER:
        raise TooEarlyToForce(slot=slot, attempts=made, needed=FORCE_AFTER)
