"""The image the search works on: one size for all sensors, lamp reflections filled."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import ImageTooSmall
from rekam.abis.image import GreyImage
from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.reflections import without_reflections


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
    filled, reflections = without_reflections(_brightened(np.asarray(resized, np.uint8)))
    return WorkingImage(filled.astype(np.float32), reflections.astype(np.float32), scale)


def _brightened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A faint image stretched to the contrast of a good one, within bounds; others as they are."""
    dark, bright = (float(level) for level in np.percentile(grey[::4, ::4], p.CONTRAST_PERCENTILES))
    gain = min(p.USUAL_CONTRAST / max(bright - dark, 1.0), p.MOST_GAIN)
    if gain <= 1:
        return grey
    return np.clip((np.arange(256) - dark) * gain + p.DARKEST_LEVEL, 0, 255).astype(np.uint8)[grey]
