"""Smooth random fields, from which most of nature's irregularity is made."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[Any]
"""float32 of shape (H, W); OpenCV's type stubs lose the element type, so it is not told here."""


def smooth_field(rng: np.random.Generator, shape: tuple[int, int], scale: float) -> Field:
    """Gaussian noise of about unit variance, correlated over about `scale` pixels; shape (H, W)."""
    height, width = shape
    if scale < 3:
        noise = rng.standard_normal(shape, dtype=np.float32)
        return noise if scale <= 0 else _unit(cv2.GaussianBlur(noise, (0, 0), scale))
    rows, columns = int(height / scale) + 4, int(width / scale) + 4
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    zoom = np.array([[scale, 0, -1.5 * scale], [0, scale, -1.5 * scale]], dtype=np.float32)
    # cubic interpolation of unit noise has a variance of about 0.6 between the knots
    return cv2.warpAffine(coarse, zoom, (width, height), flags=cv2.INTER_CUBIC) * np.float32(1.25)


def _unit(field: Field) -> Field:
    return field / np.float32(max(float(field.std()), 1e-6))


def smooth_step(values: Field, low: float, high: float) -> Field:
    """0 below `low`, 1 above `high`, and a cubic slope between (element by element)."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
