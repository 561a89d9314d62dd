"""Does the declared resolution fit the ridges: they lie 0.2 to 0.7 mm apart on every finger."""

import cv2
import numpy as np

from rekam.abis.errors import ResolutionLooksWrong
from rekam.abis.finger import parameters as base
from rekam.abis.finger import quality_parameters as p
from rekam.abis.finger.foreground import foregrounds_of
from rekam.abis.finger.frequency import RidgePeriod, period_of
from rekam.abis.finger.kind import ridge_like
from rekam.abis.finger.orientation import orientation_of
from rekam.abis.finger.resolution import even_contrast


def require_likely_resolution(pixels: np.ndarray, period: RidgePeriod, dpi: float | None) -> None:
    """Raises ResolutionLooksWrong for a picture [H, W] whose ridges would be clear ones at half or twice its scale.

    `period` is what was measured at the declared resolution. Children's ridges lie 5 to 7 pixels apart and coarse
    ones up to 14 at 500 dpi: only a picture outside is looked at again, so neither is misjudged.
    """
    ridges = ridge_like(period)
    if len(ridges) and ridges.mean() >= p.LIKELY_RIDGES:
        middle = float(np.median(period.sites[ridges, 0]))
        if p.LIKELY_PERIODS[0] <= middle <= p.LIKELY_PERIODS[1]:
            return
    share = float(ridges.mean()) if len(ridges) else 0.0
    for factor in (0.5, 2.0):
        found, middle = _ridges_at(pixels, factor)
        if found > max(p.LIKELY_RIDGES, share) and p.USUAL_PERIODS[0] <= middle <= p.USUAL_PERIODS[1]:
            declared = dpi if dpi is not None else base.DPI
            raise ResolutionLooksWrong(
                slot="a finger",
                declared=round(declared),
                spacing=round(middle / factor * declared / base.DPI),
                likely=round(declared / factor),
            )


def _ridges_at(pixels: np.ndarray, factor: float) -> tuple[float, float]:
    """The share of ridge-like places and their median period in the picture at `factor` times its scale."""
    if not min(pixels.shape) * factor >= base.SMALLEST_SIDE or max(pixels.shape) * factor > base.LARGEST_SIDE:
        return 0.0, 0.0
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = np.clip(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=method), 0, 255)
    mask, _ = foregrounds_of(scaled)
    even = even_contrast(scaled)
    orientation = orientation_of(even, mask)
    period = period_of(even, mask, orientation.angle_at(scaled.shape), orientation.coherence)
    ridges = ridge_like(period)
    if not ridges.any():
        return 0.0, 0.0
    return float(ridges.mean()), float(np.median(period.sites[ridges, 0]))
