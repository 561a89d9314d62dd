"""How evenly steep the pupil's edge is all round: motion smears it along one direction only."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import quality_parameters as p
from rekam.abis.iris.boundaries import Boundaries
from rekam.abis.iris.contour import ANGLES, UNIT
from rekam.abis.iris.working_image import WorkingImage


def evenness(working: WorkingImage, boundaries: Boundaries) -> float:
    """1 where the edge is as steep in every direction, 0 where motion took it away along one; lids and lamps left out.

    The steepness by direction is fitted with a + b cos 2t + c sin 2t; what comes back is 1 - |(b, c)| / a. 1 too where
    too little of the edge is seen to tell.
    """
    pupil = boundaries.pupil
    steps = pupil.radii + np.array([[-p.EDGE_REACH], [p.EDGE_REACH]])
    ring = (UNIT[None] * steps[..., None] + (pupil.x, pupil.y)).astype(np.float32)
    inside, outside = cv2.remap(
        working.grey, ring[..., 0], ring[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    steepness = (outside - inside) / (2 * p.EDGE_REACH)
    seen = ~boundaries.lids.covers(pupil.points, p.EDGE_OFF_LIDS) & ~_beside_a_lamp(working, pupil.points)
    direction = np.floor(ANGLES / math.pi % 1 * p.EDGE_DIRECTIONS).astype(int)
    found = [k for k in range(p.EDGE_DIRECTIONS) if np.count_nonzero(seen & (direction == k)) >= p.EDGE_LEAST_POINTS]
    if len(found) < p.EDGE_LEAST_DIRECTIONS:
        return 1.0
    levels = [np.percentile(steepness[seen & (direction == k)], p.EDGE_PERCENTILE) for k in found]
    doubled = (np.array(found) + 0.5) * (2 * math.pi / p.EDGE_DIRECTIONS)
    basis = np.stack([np.ones(len(found)), np.cos(doubled), np.sin(doubled)], axis=1)
    mean, across, slanting = np.linalg.lstsq(basis, np.array(levels), rcond=None)[0]
    return max(1.0 - math.hypot(across, slanting) / max(mean, 0.1), 0.0)


def _beside_a_lamp(working: WorkingImage, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    at = points.astype(np.float32)
    lamps = cv2.dilate(working.unseen, np.ones((p.EDGE_OFF_LAMPS, p.EDGE_OFF_LAMPS), np.uint8))
    return np.asarray(cv2.remap(lamps, at[:, 0], at[:, 1], cv2.INTER_LINEAR)[:, 0] > 0.1)
