"""From the circles of the coarse search to the iris' two contours and its lids."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.contour import ANGLES, Contour, EdgeSearch, Trust, contour_near
from rekam.abis.iris.eye import Eye
from rekam.abis.iris.lids import Lids, lids_of
from rekam.abis.iris.working_image import WorkingImage

_PUPIL = EdgeSearch(p.PUPIL_WINDOW, p.PUPIL_EDGE_CLIP, p.PUPIL_HARMONICS, p.PUPIL_STIFFNESS)
_FIRST_PUPIL = EdgeSearch(p.PUPIL_WINDOW, p.PUPIL_EDGE_CLIP, p.FIRST_HARMONICS, p.FIRST_STIFFNESS)
_LIMBUS = EdgeSearch(p.LIMBUS_WINDOW, p.LIMBUS_EDGE_CLIP, p.LIMBUS_HARMONICS, p.LIMBUS_STIFFNESS)
_SIDES = np.interp(np.sin(ANGLES), p.LIMBUS_RAY_SINES, p.LIMBUS_RAY_WEIGHTS)


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The iris' inner and outer contour on the working image, and the lids across it."""

    pupil: Contour
    limbus: Contour
    lids: Lids


def boundaries_of(image: WorkingImage, eye: Eye) -> Boundaries:
    """Both contours twice: first as if no lid lay over them, then where the lids leave them to be seen."""
    grey = image.grey
    pupil = contour_near(grey, eye.pupil, _FIRST_PUPIL, _everywhere).circle
    limbus = contour_near(grey, eye.limbus, _LIMBUS, lambda _: _SIDES, _outside(pupil)).circle
    lids = lids_of(grey, pupil, limbus)

    blurred = np.asarray(cv2.blur(grey, (5, 5)), np.float32)

    def trust(circle: Circle, step: float) -> Trust:
        return lambda points: np.multiply(_uncovered(points, lids), _beside_iris(blurred, points, circle, step, lids))

    inner = contour_near(grey, pupil, _PUPIL, trust(pupil, p.BESIDE_STEP))
    outer = contour_near(grey, limbus, _LIMBUS, trust(limbus, -p.BESIDE_STEP), _outside(inner.circle))
    return Boundaries(inner, outer, lids)


def _uncovered(points: NDArray[Any], lids: Lids) -> NDArray[np.float64]:
    return np.where(lids.covers(points, p.LID_MARGIN), p.COVERED_TRUST, 1.0)


def _beside_iris(
    blurred: NDArray[np.float32], points: NDArray[Any], circle: Circle, step: float, lids: Lids
) -> NDArray[np.float64]:
    """How much what lies `step` px outwards of each point looks like iris, 0-1: lashes and skin do not."""
    outwards = points - (circle.x, circle.y)
    outwards /= np.maximum(np.linalg.norm(outwards, axis=1, keepdims=True), 1e-6)
    at = (points + step * outwards).astype(np.float32)
    grey = cv2.remap(blurred, at[:, 0], at[:, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[:, 0]
    likeness = np.exp(-0.5 * ((grey - lids.level) / (p.BESIDE_TOLERANCE * lids.spread)) ** 2)
    return np.maximum(likeness, p.COVERED_TRUST).astype(np.float64)


def _outside(pupil: Circle) -> Circle:
    return Circle(pupil.x, pupil.y, pupil.radius * p.LEAST_RING)


def _everywhere(points: NDArray[Any]) -> NDArray[np.float64]:
    return np.ones(len(points))
