"""Quality of an iris image, 0-100, and what is wrong with it, after the components of ISO/IEC 29794-6.

Each component is brought to 0-1 between a value at which recognition fails and one at which it no longer gains. The
worst component leads, the others temper it: 100 * (worst * product) ** QUALITY_POWER.
"""

import math

import numpy as np

from rekam.abis.iris import quality_parameters as p
from rekam.abis.iris.contour import Contour
from rekam.abis.iris.evidence import Evidence
from rekam.abis.iris.flaws import Flaws
from rekam.abis.iris.template import IrisReason
from rekam.abis.iris.working_image import WorkingImage


def iris_quality(
    working: WorkingImage, limbus: Contour, evidence: Evidence, flaws: Flaws
) -> tuple[int, tuple[IrisReason, ...]]:
    """The quality and, in the order of `IrisReason`, the components below QUALITY_REASON_LIMIT."""
    components = _seen(working, limbus, evidence) | _put_right(evidence, flaws)
    values = list(components.values())
    quality = round(100 * (min(values) * math.prod(values)) ** p.QUALITY_POWER)
    return quality, tuple(reason for reason in IrisReason if components[reason] < p.QUALITY_REASON_LIMIT)


def _seen(working: WorkingImage, limbus: Contour, evidence: Evidence) -> dict[IrisReason, float]:
    return {
        IrisReason.COVERED: _between(evidence.visible, p.QUALITY_VISIBLE),
        IrisReason.BLURRED: _between(evidence.sharpness, p.QUALITY_SHARPNESS),
        IrisReason.FAINT: min(
            _between(evidence.limbus_contrast, p.QUALITY_LIMBUS_CONTRAST),
            _between(evidence.drop, p.QUALITY_DROP),
            _between(evidence.outline, p.QUALITY_OUTLINE),
        ),
        IrisReason.OFF_CENTRE: _between(_inside(working, limbus), p.QUALITY_INSIDE),
        IrisReason.DILATED: _between(-evidence.dilation, p.QUALITY_DILATED),
        IrisReason.CONSTRICTED: _between(evidence.dilation, p.QUALITY_CONSTRICTED),
        IrisReason.SMALL: _between(limbus.circle.radius / working.scale, p.QUALITY_RADIUS),
    }


def _put_right(evidence: Evidence, flaws: Flaws) -> dict[IrisReason, float]:
    grain = flaws.grain
    return {
        IrisReason.MOTION: _between(flaws.evenness, p.QUALITY_EVENNESS),
        IrisReason.GAZE: _between(-evidence.pupil_flattening - evidence.limbus_flattening, p.QUALITY_FLATTENING),
        IrisReason.CONTACT_LENS: _between(-grain.repetition, p.QUALITY_REPETITION),
        IrisReason.GLASSES_REFLECTIONS: _between(-flaws.glare, p.QUALITY_GLARE),
        IrisReason.NO_TEXTURE: min(
            _between(grain.coarse, p.QUALITY_TEXTURE),
            _between(grain.coarse / max(grain.fine, 0.1), p.QUALITY_COARSENESS),
        ),
        IrisReason.TURNED: _between(flaws.upright, p.QUALITY_UPRIGHT),
        IrisReason.SEVERAL_EYES: 1.0 if flaws.eyes == 1 else p.QUALITY_SEVERAL,
    }


def _between(value: float, limits: tuple[float, float]) -> float:
    """0 at the first limit or below, 1 at the second or above, straight between."""
    low, high = limits
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _inside(working: WorkingImage, limbus: Contour) -> float:
    """Share of the limbus that lies within the image."""
    height, width = working.grey.shape
    x, y = limbus.points.T
    return float(np.mean((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)))
