"""The image the search works on: one size for all sensors, lamp reflections filled."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import ImageTooSmall
from rekam.abis.image import GreyImage
from rekam.abis.iris import segmentation_parameters as p


@dataclass(frozen=True, slots=True)
class WorkingImage:
    """`grey` float32 [H, W] with reflections filled in; `unseen` float32 [H, W], 1 where they were, 0 elsewhere.

    `scale` is working pixels to a source pixel.
    """

    grey: NDArray[np.float32]
    unseen: NDArray[np.float32]
    scale: float


def working_image(image: GreyImage) -> WorkingImage:
    """Brings an image to the working size and fills its lamp reflections. Raises `ImageTooSmall`."""
    height, width = image.pixels.shape
    if min(height, width) < p.MIN_SIDE:
        raise ImageTooSmall(width=width, height=height)
    scale = p.WORKING_SIDE / max(height, width)
    size = (round(width * scale), round(height * scale))
    resized = cv2.resize(image.pixels, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    filled, reflections = _without_reflections(resized.astype(np.uint8))
    return WorkingImage(filled.astype(np.float32), reflections.astype(np.float32), scale)


def _without_reflections(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Small bright spots (white top-hat) around a lamp's core take the darker level around them."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (p.REFLECTION_SIZE, p.REFLECTION_SIZE))
    opened = cv2.morphologyEx(grey, cv2.MORPH_OPEN, disc)
    contrast = cv2.subtract(grey, opened)
    labels = cv2.connectedComponents((contrast > p.REFLECTION_CONTRAST).astype(np.uint8))[1]
    lamps = np.unique(labels[contrast > p.REFLECTION_CORE])
    spots: NDArray[Any] = np.isin(labels, lamps[lamps > 0]).astype(np.uint8)
    spots = cv2.dilate(spots, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7)))
    filled = np.where(spots > 0, cv2.GaussianBlur(opened, (0, 0), 2), grey)
    return filled.astype(np.uint8), spots > 0
