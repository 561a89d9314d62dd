"""Judging a captured image at once and keeping the best of several attempts: `Judge`, `take`."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from rekam.enrolment.eligibility import background_colour
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality, Slot
from rekam.station.devices.port import Captured
from rekam.station.pass_photo import FrameTooWeak, PassPhoto, cut_out
from rekam.station.sitting import Capture, Sitting

if TYPE_CHECKING:
    from rekam.abis.face import Background

__all__ = [
    "BARS",
    "FORCE_AFTER",
    "Judged",
    "TooEarlyToForce",
    "background",
    "judge",
    "reframed",
    "require_force",
    "take",
]

BARS: Final = {Modality.PHOTO: 40, Modality.SIGNATURE: 1, Modality.FINGER: 70, Modality.HAND: 40, Modality.IRIS: 50}
"""Least quality (0-100) that is kept without another attempt. Of pairs whose worse print lies between 55 and 70, 25 %
fail to match on fvc2004 and 8 % on fvc2002, between 70 and 85 12 % and none; on mmu1 irises from 50 on fail least."""
FORCE_AFTER: Final = 3
"""Attempts before the operator may keep a weak sample (MOSIP's default is three retries, INTEROP)."""
_INK_SHARE: Final = (0.0005, 0.35)
"""Share of dark pixels that a signature may have: less is an empty pad, more is a photograph."""
_INK_DEPTH: Final = 48
"""Grey levels below the paper from which a pixel is ink."""
_LEAST_REACH: Final = 0.2
"""Share of the picture's longer side that a signature spans at least: a dot or a tick does not, initials do."""
_PAPER_LEVEL, _PAPER_SHARE, _PAPER_SPREAD = 140, 0.6, 40
"""What a signature is written on: light, and most of the picture; portraits have neither."""


class TooEarlyToForce(RekamError):
    """{slot} was tried {attempts} times. Nothing was changed. Try at least {needed} times, then keep the best attempt,
    or choose the reason why it cannot be captured.
    """


@dataclass(frozen=True)
class Judged:
    """`quality` 0-100, `reasons` what lowered it, `template` as `TemplateSet` bytes for the local search; `photo` is
    what was cut out of a photo and judged.
    """

    quality: int
    reasons: tuple[str, ...]
    template: bytes | None = None
    photo: PassPhoto | None = None


def judge(slot: Slot, image: bytes, sitting: Sitting) -> Judged:
    """How good this image is for its slot. Raises an `AbisError` for a file that is no such image at all."""
    from rekam.abis.assess import assess  # with the engine, after the first page was served (ADR 0046)
    from rekam.abis.hand_photo import check_hand
    from rekam.abis.template_set import TemplateSet

    match slot.modality:
        case Modality.PHOTO:
            return judged_photo(cut_out(image, background(sitting)))
        case Modality.HAND:
            seen = check_hand(image)
            return Judged(seen.score, seen.reasons)
        case Modality.SIGNATURE:
            return _judge_signature(image)
        case _:
            found = assess(str(slot), image)
            template = TemplateSet({str(slot): found.template}).to_bytes() if found.template else None
            return Judged(found.quality, found.reasons, template)


def background(sitting: Sitting) -> "Background":
    """The colour that belongs behind this resident."""
    return "red" if background_colour(sitting.biodata.birth_date) == "red" else "blue"


def judged_photo(photo: PassPhoto) -> Judged:
    verdict = photo.quality
    return Judged(verdict.score, tuple(str(reason) for reason in verdict.reasons), photo=photo)


def _judge_signature(image: bytes) -> Judged:
    from rekam.abis.image import load_image

    pixels = load_image(image).pixels.astype(np.int16)
    paper = float(np.median(pixels))
    dark = pixels < paper - _INK_DEPTH
    ink = float(np.mean(dark))
    flat = float(np.mean(np.abs(pixels - paper) < _PAPER_SPREAD))
    least, most = _INK_SHARE
    if paper < _PAPER_LEVEL or flat < _PAPER_SHARE or ink > most:
        return Judged(0, ("not-a-signature",))
    if ink < least:
        return Judged(0, ("empty",) if not dark.any() or _reach(dark) >= _LEAST_REACH else ("too-small",))
    return Judged(90, ()) if _reach(dark) >= _LEAST_REACH else Judged(0, ("too-small",))


def _reach(dark: NDArray[np.bool_]) -> float:
    """The longer side of what is written, as a share of the picture's longer side."""
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return max(int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1) / int(max(dark.shape))


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
        photo = judged.photo
        kept = Capture(
            slot,
            photo.media_type if photo else captured.media_type,
            photo.image if photo else captured.image,
            judged.quality,
            judged.reasons,
            attempts,
            captured.device,
            forced=forced and not good,
            good=good or forced,
            template=judged.template,
            cutting=photo.cutting if photo else None,
        )
    return sitting.with_capture(kept), kept


def reframed(best: Capture, photo: PassPhoto) -> Capture:
    """The same attempt with its frame moved. Raises `FrameTooWeak` where a good photo would become a weak one."""
    judged = judged_photo(photo)
    good = judged.quality >= BARS[best.slot.modality]
    if best.good and not (good or best.forced):
        raise FrameTooWeak
    return replace(
        best,
        media_type=photo.media_type,
        image=photo.image,
        quality=judged.quality,
        reasons=judged.reasons,
        good=good or best.forced,
        cutting=photo.cutting,
    )


def require_force(sitting: Sitting, slot: Slot) -> None:
    """Raises `TooEarlyToForce` where the attempt at hand would not be the third one."""
    made = sitting.attempts.get(slot, 0)
    if made + 1 < FORCE_AFTER:
        raise TooEarlyToForce(slot=slot, attempts=made, needed=FORCE_AFTER)
