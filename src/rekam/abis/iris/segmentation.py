"""Finding the iris in an image: every step from the working image to the strip and what of it shows iris."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import WrongKindOfImage
from rekam.abis.image import GreyImage
from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.boundaries import Boundaries, boundaries_of
from rekam.abis.iris.evidence import Evidence, doubt_of, evidence_of
from rekam.abis.iris.eye import Eye, eyes_in
from rekam.abis.iris.strip import sheet, unwrapped
from rekam.abis.iris.visible import Visible, visible_iris
from rekam.abis.iris.working_image import WorkingImage, working_image


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Each step's result, in order.

    `eyes`: the candidates, one of them `eye`; `boundaries`: contours and lids; `sheet`: where the strip's pixels lie
    on the working image (x, y), float32 [STRIP_ROWS, STRIP_COLUMNS, 2]; `strip`: float32 [STRIP_ROWS, STRIP_COLUMNS].
    """

    working: WorkingImage
    eyes: tuple[Eye, ...]
    eye: Eye
    boundaries: Boundaries
    sheet: NDArray[np.float32]
    strip: NDArray[np.float32]
    visible: Visible
    evidence: Evidence


def segment(image: GreyImage, slot: str = "iris") -> Segmentation:
    """The iris of the one eye in a near-infrared image, if it is one: see `require_iris` for the judgement.

    Of the candidates it is the likeliest that leaves no doubt, else the likeliest.
    Raises `ImageTooSmall`, `WrongKindOfImage` where nothing looks like a pupil in an iris.
    """
    working = working_image(image)
    eyes = eyes_in(working)
    if not eyes:
        raise WrongKindOfImage(slot=slot, reason="no pupil in an iris was found")
    first = around(working, eyes, eyes[0])
    if doubt_of(first.evidence) is None:
        return first
    others = (around(working, eyes, eye) for eye in eyes[1 : p.EYES_TRIED])
    return next((other for other in others if doubt_of(other.evidence) is None), first)


def around(working: WorkingImage, eyes: tuple[Eye, ...], eye: Eye) -> Segmentation:
    """Follows one of the candidates to the end."""
    boundaries = boundaries_of(working, eye)
    grid = sheet(boundaries.pupil, boundaries.limbus)
    strip = unwrapped(working.grey, grid)
    unseen = unwrapped(working.unseen, grid, outside=1.0) > 0
    visible = visible_iris(strip, unseen, boundaries.lids.covers(grid))
    evidence = evidence_of(working, eye, boundaries, visible)
    return Segmentation(working, eyes, eye, boundaries, grid, strip, visible, evidence)
