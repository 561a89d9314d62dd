"""The image at 500 dpi, and its local contrast made even."""

import cv2
import numpy as np

from rekam.abis.errors import WrongKindOfImage
from rekam.abis.finger import parameters as p
from rekam.abis.image import GreyImage


def at_500_dpi(image: GreyImage) -> np.ndarray:
    """The picture as float32 [H, W], grey levels 0-255, at 500 dpi.

    An image without a declared resolution is taken as 500 dpi, the resolution of every scanner in the field.
    Raises WrongKindOfImage when the resolution is no scanner's or the picture has no fingerprint's size.
    """
    dpi = image.dpi if image.dpi is not None else p.DPI
    if not p.PLAUSIBLE_DPI[0] <= dpi <= p.PLAUSIBLE_DPI[1]:
        raise WrongKindOfImage(slot="a finger", reason=f"no fingerprint scanner has {dpi:.0f} dpi")
    scale = p.DPI / dpi
    sides = [round(side * scale) for side in image.pixels.shape]
    if min(sides) < p.SMALLEST_SIDE or max(sides) > p.LARGEST_SIDE:
        width, height = (side * 25.4 / p.DPI for side in reversed(sides))
        raise WrongKindOfImage(slot="a finger", reason=f"the picture covers {width:.0f} x {height:.0f} mm")
    pixels = image.pixels.astype(np.float32)
    if abs(scale - 1) < 0.01:
        return pixels
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.clip(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=method), 0, 255)


def local_deviation(pixels: np.ndarray) -> np.ndarray:
    """Local standard deviation of the grey levels, float32 [H, W]."""
    centred = pixels - cv2.GaussianBlur(pixels, (0, 0), p.CONTRAST_SIGMA)
    return np.sqrt(cv2.GaussianBlur(centred * centred, (0, 0), p.CONTRAST_SIGMA))


def even_contrast(pixels: np.ndarray) -> np.ndarray:
    """Local mean taken away and local standard deviation made 1: float32 [H, W], ridges negative."""
    centred = pixels - cv2.GaussianBlur(pixels, (0, 0), p.CONTRAST_SIGMA)
    deviation = local_deviation(pixels)
    return np.clip(centred / np.maximum(deviation, p.CONTRAST_FLOOR), -p.CONTRAST_CLIP, p.CONTRAST_CLIP)
