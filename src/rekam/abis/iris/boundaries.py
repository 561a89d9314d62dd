"""From the circles of the coarse search to the iris' two contours."""

import numpy as np

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.contour import ANGLES, Contour, EdgeSearch, contour_near
from rekam.abis.iris.eye import Eye
from rekam.abis.iris.working_image import WorkingImage

_PUPIL = EdgeSearch(p.PUPIL_WINDOW, p.PUPIL_EDGE_CLIP, p.PUPIL_HARMONICS, p.PUPIL_STIFFNESS, np.ones(p.CONTOUR_ANGLES))
_LIMBUS = EdgeSearch(
    p.LIMBUS_WINDOW,
    p.LIMBUS_EDGE_CLIP,
    p.LIMBUS_HARMONICS,
    p.LIMBUS_STIFFNESS,
    np.interp(np.sin(ANGLES), p.LIMBUS_RAY_SINES, p.LIMBUS_RAY_WEIGHTS),
)


def pupil_contour(image: WorkingImage, eye: Eye) -> Contour:
    """The pupil's edge, sought twice: the second time from the centre that the first one gave."""
    return _twice(image, eye.pupil, _PUPIL)


def limbus_contour(image: WorkingImage, eye: Eye) -> Contour:
    """The iris' outer edge, sought twice like the pupil's."""
    return _twice(image, eye.limbus, _LIMBUS)


def _twice(image: WorkingImage, circle: Circle, search: EdgeSearch) -> Contour:
    return contour_near(image.grey, contour_near(image.grey, circle, search).circle, search)
