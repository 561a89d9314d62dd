"""The whole extraction, step by step."""

import numpy as np

from rekam.abis.errors import AbisError, ExtractionFailed
from rekam.abis.finger import parameters as p
from rekam.abis.finger.believable import believable
from rekam.abis.finger.enhancement import enhanced_of
from rekam.abis.finger.foreground import edge_distance_of
from rekam.abis.finger.minutiae import Minutiae, minutiae_of
from rekam.abis.finger.quality import quality_of
from rekam.abis.finger.recorder import Recorder, unrecorded
from rekam.abis.finger.ridge_map import RidgeMap, ridge_map_of
from rekam.abis.finger.ridges import repaired
from rekam.abis.finger.skeleton import skeleton_of
from rekam.abis.finger.template import DIRECTION_UNIT, FingerTemplate
from rekam.abis.image import GreyImage


def extract(image: GreyImage, record: Recorder = unrecorded) -> FingerTemplate:
    """The minutiae of one plain fingerprint; the same image gives the same template.

    Without a declared resolution the image is taken as 500 dpi. `record` is shown every step. Raises WrongKindOfImage
    for what shows no fingerprint or has no fingerprint's size, ResolutionLooksWrong for a resolution that its ridges
    belie, ExtractionFailed for a print in which too few minutiae can be believed.
    """
    ridges = ridge_map_of(image, record)
    enhanced = enhanced_of(ridges.even, ridges.mask, ridges.angle, ridges.period.period)
    record("enhanced", enhanced)
    skeleton = repaired(skeleton_of(enhanced, ridges.mask))
    record("skeleton", skeleton)
    minutiae = believable(minutiae_of(skeleton, ridges.angle), edge_distance_of(ridges.mask))
    record("minutiae", np.column_stack([minutiae.position, minutiae.angle, minutiae.kind]).astype(np.float32))
    return _template(ridges, minutiae)


def steps(image: GreyImage) -> dict[str, np.ndarray]:
    """What each step of `extract` made of the image, in their order, as far as they went where the image was refused.

    "picture" and, only where the image was inverted, "turned": float32 grey levels. "foreground": bool. Float32 are
    "even contrast" (ridges negative), "orientation" (radians from +x towards +y, y downwards), "period" (pixels),
    "clarity" (0-1) and "enhanced" (ridges positive). "skeleton": 0/1. All [H, W] at 500 dpi. "minutiae": float32
    [n, 4] x, y, angle in radians counter-clockwise from +x as seen, and kind (1 ending, 2 bifurcation).
    """
    seen: dict[str, np.ndarray] = {}
    try:
        extract(image, seen.__setitem__)
    except AbisError:
        if not seen:
            raise
    return seen


def _template(ridges: RidgeMap, minutiae: Minutiae) -> FingerTemplate:
    count = len(minutiae.kind)
    if count < p.LEAST_MINUTIAE:
        raise ExtractionFailed(slot="a finger", reason=f"only {count} minutiae")
    x, y = minutiae.position.T
    quality, reasons = quality_of(ridges, x, y)
    height, width = ridges.mask.shape
    return FingerTemplate(
        x=x.copy(),
        y=y.copy(),
        direction=(np.rint(minutiae.angle / DIRECTION_UNIT).astype(np.int64) % 256).astype(np.uint8),
        kind=minutiae.kind,
        quality_of=np.rint(100 * ridges.period.clarity[y, x]).astype(np.uint8),
        width=width,
        height=height,
        quality=quality,
        reasons=reasons,
    )
