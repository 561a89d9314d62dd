"""Where pupil, limbus and lids lie in a made-up eye: what a segmentation is measured against."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rekam.abis.synthetic.eye import Eye, Glance
from rekam.abis.synthetic.lids import Lids


@dataclass(frozen=True)
class EyeTruth:
    """`pupil` and `limbus` as (x, y, radius) in pixels of the picture; `eye` and `glance` that it was drawn from."""

    pupil: tuple[float, float, float]
    limbus: tuple[float, float, float]
    eye: Eye
    glance: Glance

    def between_lids(self, points: NDArray[Any]) -> NDArray[np.bool_]:
        """Bool [...]: which of the points [..., 2] (x, y) no lid covers; lashes and lamps may."""
        x, y = ((points[..., axis] - self.glance.centre[axis]) / self.glance.scale for axis in (0, 1))
        cosine, sine = math.cos(self.glance.tilt), math.sin(self.glance.tilt)
        u, v = (x * cosine + y * sine).astype(np.float32), (y * cosine - x * sine).astype(np.float32)
        return np.asarray(Lids(self.eye, self.glance).opening(u, v) > 0.5)


def eye_truth(eye: Eye, glance: Glance) -> EyeTruth:
    """The truth of the picture that `eye_picture.picture` draws of the same eye and glance."""
    shifted = (glance.gaze[0] + glance.pupil_shift[0], glance.gaze[1] + glance.pupil_shift[1])
    limbus = (*_in_picture(glance, glance.gaze), eye.iris_radius * glance.scale)
    pupil = (*_in_picture(glance, shifted), eye.iris_radius * glance.pupil * glance.scale)
    return EyeTruth(pupil, limbus, eye, glance)


def _in_picture(glance: Glance, point: tuple[float, float]) -> tuple[float, float]:
    """A point along and across the eye as (x, y) in the picture."""
    cosine, sine = math.cos(glance.tilt), math.sin(glance.tilt)
    (u, v), (x, y) = point, glance.centre
    return x + glance.scale * (u * cosine - v * sine), y + glance.scale * (v * cosine + u * sine)
