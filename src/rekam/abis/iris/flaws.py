"""What an operator can put right, seen in a found iris: motion, lenses, glasses, a turned camera, a second eye."""

from dataclasses import dataclass

import cv2
import numpy as np

from rekam.abis.iris import quality_parameters as p
from rekam.abis.iris.evidence import doubt_of
from rekam.abis.iris.grain import Grain, grain_of
from rekam.abis.iris.segmentation import Segmentation, around
from rekam.abis.iris.streak import evenness
from rekam.abis.iris.strip import unwrapped


@dataclass(frozen=True, slots=True)
class Flaws:
    """`evenness`: see ``streak``; `grain`: see ``grain``; `glare`: share of the strip under reflections wider than a
    lamp's; `upright`: share seen at the sides less that at top and bottom; `eyes`: how many are in the image.
    """

    evenness: float
    grain: Grain
    glare: float
    upright: float
    eyes: int


def flaws_of(found: Segmentation) -> Flaws:
    """Measures the found iris."""
    return Flaws(
        evenness=evenness(found.working, found.boundaries),
        grain=grain_of(found.strip, found.visible.pixels),
        glare=_glare(found),
        upright=_upright(found),
        eyes=1 + sum(_is_another(found, k) for k in range(len(found.eyes))),
    )


def _glare(found: Segmentation) -> float:
    bright = ((found.working.grey >= p.GLARE_LEVEL) | (found.working.unseen > 0)).astype(np.float32)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (p.GLARE_WIDTH, p.GLARE_WIDTH))
    wide = unwrapped(np.asarray(cv2.morphologyEx(bright, cv2.MORPH_OPEN, disc), np.float32), found.sheet)
    return float(np.mean((wide > 0.5) & ~found.boundaries.lids.covers(found.sheet, p.GLARE_OFF_LIDS)))


def _upright(found: Segmentation) -> float:
    """Lids cover an upright eye at top and bottom, one lying on its side at the left and right."""
    angles = np.arange(found.strip.shape[1]) * (2 * np.pi / found.strip.shape[1])
    sides = np.abs(np.cos(angles)) > np.sqrt(0.5)
    seen = found.visible.pixels.mean(axis=0)
    return float(seen[sides].mean() - seen[~sides].mean())


def _is_another(found: Segmentation, index: int) -> bool:
    """Whether a candidate is a whole eye beside the found one."""
    eye, limbus = found.eyes[index], found.boundaries.limbus.circle
    apart = np.hypot(eye.limbus.x - limbus.x, eye.limbus.y - limbus.y) > eye.limbus.radius + limbus.radius
    if not apart or eye.pupil_contrast < p.OTHER_PUPIL_CONTRAST or eye.limbus_contrast < p.OTHER_LIMBUS_CONTRAST:
        return False
    other = around(found.working, found.eyes, eye)
    return doubt_of(other.evidence) is None and other.evidence.visible >= p.OTHER_VISIBLE
