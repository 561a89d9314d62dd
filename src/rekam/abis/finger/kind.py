"""Is this a fingerprint: most of its foreground must show parallel ridges of a finger's spacing."""

import numpy as np

from rekam.abis.errors import WrongKindOfImage
from rekam.abis.finger import parameters as p
from rekam.abis.finger.frequency import RidgePeriod

SITE_MM2 = (p.SIGNATURE_STEP * 25.4 / p.DPI) ** 2


def ridge_like(period: RidgePeriod) -> np.ndarray:
    """Mask bool [n]: which of the foreground's measured places show parallel ridges of a finger's spacing."""
    return _striped(period) & (period.sites[:, 2] >= p.RIDGE_COHERENCE)


def _striped(period: RidgePeriod) -> np.ndarray:
    """Mask bool [n]: which show a wave of a finger's spacing, parallel or not."""
    spacing, periodicity = period.sites.T[:2]
    narrowest, widest = p.RIDGE_PERIODS
    return (spacing >= narrowest) & (spacing <= widest) & (periodicity >= p.RIDGE_PERIODICITY)


def require_fingerprint(period: RidgePeriod, angle: np.ndarray) -> None:
    """Raises WrongKindOfImage for a blank page, a photograph, an iris, noise, a printed pattern.

    Ridges must be found, `angle` [H, W], and over a large area they must run side by side, which noise of a ridge's
    spacing does not, and bend and change their spacing, as every finger's do and printed lines do not.
    """
    ridges = ridge_like(period)
    if len(ridges) == 0:
        raise WrongKindOfImage(slot="a finger", reason="the picture is blank")
    area = ridges.sum() * SITE_MM2
    if area < p.LEAST_RIDGE_AREA_MM2 or ridges.mean() < p.LEAST_RIDGE_SHARE:
        raise WrongKindOfImage(slot="a finger", reason=f"only {ridges.mean():.0%} of it looks like ridges")
    striped = _striped(period)
    least = np.interp(np.median(period.sites[striped, 0]), p.NOISE_PERIODS, p.LEAST_PARALLEL)
    if area > p.EVENNESS_AREA_MM2 and ridges.sum() < least * striped.sum():
        raise WrongKindOfImage(slot="a finger", reason="its lines run in all directions, as noise does")
    spacing, x, y = period.sites[ridges][:, [0, 4, 5]].T
    bend = 1 - abs(np.exp(2j * angle[y.astype(np.int64), x.astype(np.int64)]).mean())
    change = spacing.std() / spacing.mean()
    straight = bend < p.LEAST_BEND and change < p.LEAST_STRAIGHT_CHANGE
    if area > p.EVENNESS_AREA_MM2 and (straight or change < p.LEAST_CHANGE):
        raise WrongKindOfImage(slot="a finger", reason="its lines are as even as print")
