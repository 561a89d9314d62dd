"""Finger templates out of minutiae records and into them.

Our directions and the standard's are the same units from the same axis the same way round, so nothing but place is
scaled. Foreign minutiae become templates of the extractor `iso-19794-2`: they are compared with their like only.
"""

import numpy as np

from rekam.abis.errors import ImageTooLarge
from rekam.abis.finger.template import EXTRACTORS, LARGEST_X, FingerTemplate
from rekam.abis.formats.capture import LARGEST_QUALITY, QualityBlock
from rekam.abis.formats.finger_record import LARGEST_COUNT, MINUTIA, NOT_REPORTED, FingerView
from rekam.abis.image import MAX_PIXELS

FOREIGN = EXTRACTORS[3]
FOREIGN_VERSION = 1
TEMPLATE_RESOLUTION = 197
"""500 dpi is 196.85 pixels a centimetre, and the field holds whole numbers: 197 is how the standard writes 500 dpi."""
CENTIMETRES_PER_INCH = 2.54
LARGEST_SIZE = LARGEST_X + 1


def view_of(template: FingerTemplate, position: int, number: int = 0) -> FingerView:
    """One finger's template as a view of finger `position` (0-10); of more than 255 minutiae the best 255 are kept.

    What the format has no field for is lost: the extractor, its version, and the reasons of the quality.
    """
    kept = np.sort(np.argsort(-template.quality_of.astype(np.int16), kind="stable")[:LARGEST_COUNT])
    minutiae = np.empty(len(kept), MINUTIA)
    minutiae["kind"], minutiae["direction"] = template.kind[kept], template.direction[kept]
    minutiae["x"], minutiae["y"] = template.x[kept], template.y[kept]
    minutiae["quality"] = template.quality_of[kept]
    resolution = (TEMPLATE_RESOLUTION, TEMPLATE_RESOLUTION)
    blocks = (QualityBlock(template.quality),)
    return FingerView(minutiae, position, template.width, template.height, resolution, number, quality=blocks)


def template_of(view: FingerView) -> FingerTemplate:
    """The view's minutiae at 500 dpi. A quality that nobody told counts as 0, of a minutia as of the finger.

    Raises `ImageTooLarge` where the image would be wider or higher than a template can say.
    """
    scale = [_scale(resolution) for resolution in view.resolution]
    width, height = (int(np.ceil(size * by)) for size, by in zip((view.width, view.height), scale, strict=True))
    if max(width, height) > LARGEST_SIZE:
        raise ImageTooLarge(megapixels=width * height // 1_000_000, limit=MAX_PIXELS // 1_000_000)
    told = view.minutiae["quality"] < NOT_REPORTED
    score = view.quality[0].score if view.quality else 0
    return FingerTemplate(
        x=_place(view.minutiae["x"], scale[0], width),
        y=_place(view.minutiae["y"], scale[1], height),
        direction=_turned(view.minutiae["direction"], *scale),
        kind=view.minutiae["kind"].copy(),
        quality_of=np.where(told, view.minutiae["quality"], 0).astype(np.uint8),
        width=width,
        height=height,
        quality=score if score <= LARGEST_QUALITY else 0,
        extractor=FOREIGN,
        version=FOREIGN_VERSION,
    )


def _scale(resolution: int) -> float:
    return 1.0 if resolution == TEMPLATE_RESOLUTION else 500 / (resolution * CENTIMETRES_PER_INCH)


def _place(held: np.ndarray, scale: float, size: int) -> np.ndarray:
    return np.minimum(np.rint(held * scale), size - 1).astype(np.int16)


def _turned(direction: np.ndarray, across: float, down: float) -> np.ndarray:
    """Directions where the two axes were scaled differently."""
    if across == down:
        return direction.copy()
    angle = direction * (2 * np.pi / 256)
    turned = np.arctan2(np.sin(angle) * down, np.cos(angle) * across)
    return (np.rint(turned * (256 / (2 * np.pi))).astype(np.int64) % 256).astype(np.uint8)
