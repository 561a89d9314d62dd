"""Does another finger lie beside the one that is read?"""

from collections.abc import Callable, Sequence

import numpy as np

from rekam.abis.finger import parameters as base
from rekam.abis.finger import quality_parameters as p
from rekam.abis.finger.frequency import RidgePeriod
from rekam.abis.finger.kind import SITE_MM2, ridge_like

PIXEL_MM = 25.4 / base.DPI


def shows_several_fingers(
    mask: np.ndarray, others: Sequence[np.ndarray], flow: Callable[[np.ndarray], RidgePeriod]
) -> bool:
    """Whether one of the `others`, masks bool [H, W], shows ridges too, or `mask` is larger than any finger.

    `flow` gives the ridge period within a mask. Two fingers pressed together on a glass narrower than two fingers
    cannot be told from one.
    """
    breadth, length = _extent_mm(mask)
    if breadth > p.WIDEST_FINGER_MM or length > p.LONGEST_FINGER_MM:
        return True
    least = p.OTHER_FINGER_SHARE * np.count_nonzero(mask)
    beside = (other for other in others if np.count_nonzero(other) >= least and _lies_beside(mask, other))
    return any(_is_print(flow(other)) for other in beside)


def _lies_beside(mask: np.ndarray, other: np.ndarray) -> bool:
    """Whether most of `other` lies to the left or right of `mask`: above or below lies another joint of the finger."""
    columns = np.asarray(other.any(axis=0))
    shared = np.count_nonzero(columns & mask.any(axis=0))
    return bool(shared < p.OTHER_JOINT_OVERLAP * np.count_nonzero(columns))


def _extent_mm(mask: np.ndarray) -> tuple[float, float]:
    """The mask's breadth and length along its own axes: the sides of the rectangle of the same second moments."""
    y, x = np.nonzero(mask)
    if x.size < 2:
        return 0.0, 0.0
    shorter, longer = np.sqrt(12 * np.clip(np.linalg.eigvalsh(np.cov(np.stack([x, y]))), 0, None)) * PIXEL_MM
    return float(shorter), float(longer)


def _is_print(period: RidgePeriod) -> bool:
    ridges = ridge_like(period)
    return bool(
        len(ridges) and ridges.mean() >= p.OTHER_FINGER_RIDGES and ridges.sum() * SITE_MM2 >= p.OTHER_FINGER_MM2
    )
