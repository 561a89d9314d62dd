"""Where pupil, limbus and lids lie in a made-up eye: what a segmentation is measured against."""

import math
from dataclasses import dataclass

from rekam.abis.synthetic.eye import Eye, Glance


@dataclass(frozen=True)
class EyeTruth:
    """`pupil` and `limbus` as (x, y, radius) in pixels of the picture; `eye` and `glance` that it was drawn from."""

    pupil: tuple[float, float, float]
    limbus: tuple[float, float, float]
    eye: Eye
    glance: Glance


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
