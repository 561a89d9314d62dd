"""What every extractor must know of a picture before it seeks minutiae: where the ridges are and how they run."""

from dataclasses import dataclass

import numpy as np

from rekam.abis.finger.declared import require_likely_resolution
from rekam.abis.finger.foreground import foregrounds_of
from rekam.abis.finger.frequency import RidgePeriod, period_of
from rekam.abis.finger.inversion import is_inverted
from rekam.abis.finger.kind import require_fingerprint
from rekam.abis.finger.orientation import orientation_of
from rekam.abis.finger.recorder import Recorder, unrecorded
from rekam.abis.finger.resolution import at_500_dpi, even_contrast
from rekam.abis.finger.several import shows_several_fingers
from rekam.abis.image import GreyImage


@dataclass(frozen=True)
class RidgeMap:
    """A print's ridges at 500 dpi; every array has the picture's height and width.

    pixels: float32 grey levels 0-255, ridges dark. mask: bool, the finger. even: float32, contrast made even, ridges
    negative. angle: float32, radians in [0, pi) from +x towards +y (y downwards), along the ridges. period: see
    RidgePeriod. inverted: the picture came with light ridges and was turned. several: another finger lies beside it.
    """

    pixels: np.ndarray
    mask: np.ndarray
    even: np.ndarray
    angle: np.ndarray
    period: RidgePeriod
    inverted: bool
    several: bool


def ridge_map_of(image: GreyImage, record: Recorder = unrecorded) -> RidgeMap:
    """The ridges of one plain fingerprint; of several fingers in the picture the largest.

    Light ridges on a dark ground are turned into dark ones. Raises WrongKindOfImage for what shows no fingerprint or
    has no fingerprint's size, ResolutionLooksWrong where the ridges lie too far apart or too close for it.
    """
    pixels = at_500_dpi(image)
    record("picture", pixels)
    mask, others = foregrounds_of(pixels)
    inverted = is_inverted(pixels, mask)
    if inverted:
        pixels = 255 - pixels
        record("turned", pixels)
    record("foreground", mask)
    even = even_contrast(pixels)
    record("even contrast", even)
    angle, period = _flow(even, mask)
    record("orientation", angle)
    record("period", period.period)
    record("clarity", period.clarity)
    require_likely_resolution(pixels, period, image.dpi)
    require_fingerprint(period, angle)
    several = shows_several_fingers(mask, others, lambda other: _flow(even, other)[1])
    return RidgeMap(pixels, mask, even, angle, period, inverted, several)


def _flow(even: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, RidgePeriod]:
    orientation = orientation_of(even, mask)
    angle = orientation.angle_at(even.shape)
    return angle, period_of(even, mask, angle, orientation.coherence)
