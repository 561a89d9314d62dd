"""The whole extraction, step by step."""

import numpy as np

from rekam.abis.errors import ExtractionFailed
from rekam.abis.finger import parameters as p
from rekam.abis.finger.believable import believable
from rekam.abis.finger.enhancement import enhanced_of
from rekam.abis.finger.foreground import edge_distance_of, foreground_of
from rekam.abis.finger.frequency import period_of
from rekam.abis.finger.kind import require_fingerprint
from rekam.abis.finger.minutiae import Minutiae, minutiae_of
from rekam.abis.finger.orientation import orientation_of
from rekam.abis.finger.quality import quality_of
from rekam.abis.finger.resolution import at_500_dpi, even_contrast
from rekam.abis.finger.ridges import repaired
from rekam.abis.finger.skeleton import skeleton_of
from rekam.abis.finger.template import DIRECTION_UNIT, FingerTemplate
from rekam.abis.image import GreyImage


def extract(image: GreyImage) -> FingerTemplate:
    """The minutiae of one plain fingerprint, dark ridges on a light ground; the same image gives the same template.

    Without a declared resolution the image is taken as 500 dpi. Raises WrongKindOfImage for what shows no
    fingerprint or has no fingerprint's size, ExtractionFailed for a print in which too few minutiae can be believed.
    """
    pixels = at_500_dpi(image)
    mask = foreground_of(pixels)
    even = even_contrast(pixels)
    orientation = orientation_of(even, mask)
    angle = orientation.angle_at(pixels.shape)
    period = period_of(even, mask, angle, orientation.coherence)
    require_fingerprint(period)
    enhanced = enhanced_of(even, mask, angle, period.period)
    skeleton = repaired(skeleton_of(enhanced, mask))
    minutiae = believable(minutiae_of(skeleton, angle), edge_distance_of(mask))
    if len(minutiae.kind) < p.LEAST_MINUTIAE:
        raise ExtractionFailed(slot="a finger", reason=f"only {len(minutiae.kind)} minutiae")
    quality, reasons = quality_of(pixels, mask, period, len(minutiae.kind))
    return _template(minutiae, period.clarity, quality, reasons)


def _template(minutiae: Minutiae, clarity: np.ndarray, quality: int, reasons: tuple[str, ...]) -> FingerTemplate:
    x, y = minutiae.position.T
    height, width = clarity.shape
    return FingerTemplate(
        x=x.copy(),
        y=y.copy(),
        direction=(np.rint(minutiae.angle / DIRECTION_UNIT).astype(np.int64) % 256).astype(np.uint8),
        kind=minutiae.kind,
        quality_of=np.rint(100 * clarity[y, x]).astype(np.uint8),
        width=width,
        height=height,
        quality=quality,
        reasons=reasons,
    )
