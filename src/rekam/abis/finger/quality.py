"""The quality of a print, 0-100, and what lowers it."""

import numpy as np

from rekam.abis.finger import parameters as p
from rekam.abis.finger.frequency import RidgePeriod
from rekam.abis.finger.kind import SITE_MM2, ridge_like
from rekam.abis.finger.resolution import local_deviation


def quality_of(pixels: np.ndarray, mask: np.ndarray, period: RidgePeriod, minutiae: int) -> tuple[int, tuple[str, ...]]:
    """Quality 0-100 and the reasons (see template.REASONS) of a 500 dpi picture [H, W] with so many minutiae.

    The geometric mean of three shares of what a good print has: minutiae, ridge area, clear ridges; it says how
    likely the print is to match another of the same finger. Reasons tell the operator what to do about it.
    """
    ridges = ridge_like(period)
    area = float(ridges.sum()) * SITE_MM2
    share = float(ridges.mean())
    parts = (minutiae / p.ENOUGH_MINUTIAE, area / p.GOOD_AREA_MM2, share / p.CLEAR_SHARE)
    quality = round(100 * float(np.prod([min(part, 1.0) for part in parts])) ** (1 / 3))
    contrast = float(np.median(local_deviation(pixels)[mask]))
    dark = _dark_share(pixels[mask])
    reasons = {
        "few-minutiae": minutiae < p.FEW_MINUTIAE,
        "small-area": area < p.SMALL_AREA_MM2,
        "too-dry": dark < p.DRY_SHARE,
        "too-wet": dark > p.WET_SHARE,
        "low-contrast": contrast < p.LOW_CONTRAST,
        "unclear-ridges": share < p.UNCLEAR_SHARE,
    }
    return quality, tuple(reason for reason, holds in reasons.items() if holds)


def _dark_share(levels: np.ndarray) -> float:
    """The share of the foreground's pixels darker than the middle between its black and its white."""
    black, white = np.percentile(levels, (5, 95))
    return float((levels < (black + white) / 2).mean())
