"""The quality of a print, 0-100, and what lowers it."""

import numpy as np

from rekam.abis.finger import quality_parameters as p
from rekam.abis.finger.features import PrintFeatures, features_of
from rekam.abis.finger.reasons import reasons_of
from rekam.abis.finger.ridge_map import RidgeMap


def quality_of(ridges: RidgeMap, x: np.ndarray, y: np.ndarray) -> tuple[int, tuple[str, ...]]:
    """Quality 0-100 and the reasons (see template.REASONS) of a print whose minutiae lie at columns `x`, rows `y`.

    Quality is how many in a hundred other prints of its finger this one can be expected to match, by a logistic
    curve over four measures, at a false match rate of 1e-3 on hard prints; the best there is counts 100. A picture
    that came inverted, shows several fingers or a part of one has its limit, however clear.
    """
    features = features_of(ridges, x, y)
    quality = round(100 * match_share(features) / match_share(None))
    reasons = reasons_of(features, inverted=ridges.inverted, several=ridges.several)
    if quality >= p.SOUND:
        reasons = tuple(reason for reason in reasons if reason in p.LIMITS)
    return min([quality, *(p.LIMITS[reason] for reason in reasons if reason in p.LIMITS)]), reasons


def match_share(features: PrintFeatures | None) -> float:
    """The share 0-1 of a finger's other prints that a print of such features matches; None: of the best there is."""
    total = p.QUALITY_BASE
    parts = measures(features) if features else p.QUALITY_BEST
    for weight, part in zip(p.QUALITY_WEIGHTS, parts, strict=True):
        total += weight * part
    return float(1 / (1 + np.exp(-total)))


def measures(features: PrintFeatures) -> tuple[float, float, float, float]:
    """What the curve adds up: area, share of clear ridges, minutiae and contrast, none counting beyond its fill."""
    area, minutiae, contrast = (
        float(np.log(min(max(value, 1e-3) / full, 1.0)))
        for value, full in (
            (features.area, p.FULL_AREA_MM2),
            (features.minutiae, p.FULL_MINUTIAE),
            (features.contrast, p.FULL_CONTRAST),
        )
    )
    return area, min(features.share, p.FULL_SHARE), minutiae, contrast
