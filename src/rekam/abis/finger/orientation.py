"""The orientation field: which way the ridges run."""

from dataclasses import dataclass

import cv2
import numpy as np

from rekam.abis.finger import parameters as p


@dataclass(frozen=True)
class OrientationField:
    """Ridge orientation and how sure it is, on a grid of one value per GRID pixels.

    angle: float32 [h, w], radians in [0, pi), of the ridge, measured from +x towards +y (y downwards).
    coherence: float32 [h, w], 0 (no direction) to 1 (perfectly parallel).
    """

    angle: np.ndarray
    coherence: np.ndarray

    def angle_at(self, shape: tuple[int, int]) -> np.ndarray:
        """The angle for every pixel of a picture of `shape`, float32 [H, W] in [0, pi)."""
        height, width = shape
        cosine = cv2.resize(np.cos(2 * self.angle), (width, height), interpolation=cv2.INTER_LINEAR)
        sine = cv2.resize(np.sin(2 * self.angle), (width, height), interpolation=cv2.INTER_LINEAR)
        return np.mod(np.arctan2(sine, cosine) / 2, np.pi).astype(np.float32)


def orientation_of(even: np.ndarray, mask: np.ndarray) -> OrientationField:
    """The ridge orientation of an even-contrast picture float32 [H, W] within `mask`.

    Squared gradients are averaged (Kass & Witkin 1987; Bazen & Gerez 2002) over a small neighbourhood, and then,
    weighted by their coherence, over a larger one: noisy places follow their surer neighbours.
    """
    smooth = cv2.GaussianBlur(even * mask, (0, 0), p.GRADIENT_SIGMA)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3)
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3)
    inside = cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.float32)
    energy, cosine, sine = (
        _averaged(values * inside) for values in (dx * dx + dy * dy, dx * dx - dy * dy, 2 * dx * dy)
    )
    # the gradient crosses the ridge: turn by 90 degrees, that is negate the doubled-angle vector
    weight = np.maximum(energy, 1e-6)
    cosine, sine = -cosine / weight, -sine / weight
    coherence = np.minimum(np.hypot(cosine, sine), 1.0)
    sigma = p.ORIENTATION_COARSE_SIGMA / p.GRID
    cosine, sine = (cv2.GaussianBlur(part, (0, 0), sigma) for part in (cosine * coherence, sine * coherence))
    return OrientationField(np.mod(np.arctan2(sine, cosine) / 2, np.pi).astype(np.float32), coherence)


def _averaged(values: np.ndarray) -> np.ndarray:
    height, width = values.shape
    grid = (max(width // p.GRID, 1), max(height // p.GRID, 1))
    small = cv2.resize(values, grid, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), p.ORIENTATION_FINE_SIGMA / p.GRID)
