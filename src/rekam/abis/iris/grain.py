"""The strip's texture: an iris has some at every scale; paper has only noise, a printed lens repeats itself."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import quality_parameters as p


@dataclass(frozen=True, slots=True)
class Grain:
    """`coarse`, `fine`: spread of the strip between two smoothings, grey levels; `repetition` 0-1: highest correlation
    of the fine texture with itself moved round the iris.
    """

    coarse: float
    fine: float
    repetition: float


def grain_of(strip: NDArray[np.float32], visible: NDArray[np.bool_]) -> Grain:
    """The texture of the strip [STRIP_ROWS, STRIP_COLUMNS] where it is `visible`; all 0 where next to nothing is."""
    inner = cv2.erode(visible.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if np.count_nonzero(inner) < p.GRAIN_LEAST_PIXELS:
        return Grain(0.0, 0.0, 0.0)
    weights = visible.astype(np.float32)
    fine, coarse = (_between(strip, weights, smoothings) for smoothings in (p.GRAIN_FINE, p.GRAIN_COARSE))
    return Grain(
        coarse=float(coarse[inner].std()),
        fine=1.4826 * float(np.median(np.abs(fine[inner]))),
        repetition=_repetition(np.where(inner, fine, np.float32(0)), inner),
    )


def _between(
    strip: NDArray[np.float32], weights: NDArray[np.float32], smoothings: tuple[float, float]
) -> NDArray[np.float32]:
    """The strip smoothed by the first less the strip smoothed by the second, masked pixels counting for nothing."""
    less, more = (
        _smoothed(strip * weights, sigma) / (_smoothed(weights, sigma) + np.float32(1e-3)) for sigma in smoothings
    )
    return np.asarray(less - more, np.float32)


def _smoothed(image: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    wrap = int(4 * sigma) + 1
    closed = np.concatenate([image[:, -wrap:], image, image[:, :wrap]], axis=1)
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), sigma)[:, wrap:-wrap], np.float32)


def _repetition(fine: NDArray[np.float32], inner: NDArray[np.bool_]) -> float:
    """Autocorrelation by Wiener and Khinchin, each lag over the pixels that it has in common."""
    rows = slice(p.REPEAT_ROWS_OFF, -p.REPEAT_ROWS_OFF)
    shape = (2 * (fine.shape[0] - 2 * p.REPEAT_ROWS_OFF), fine.shape[1])
    power, common = (
        np.fft.irfft2(np.abs(np.fft.rfft2(image[rows], shape)) ** 2, shape)
        for image in (fine, inner.astype(np.float32))
    )
    correlation = np.where(common > p.REPEAT_COMMON * inner.sum(), power / np.maximum(common, 1.0), 0.0)
    nearest, farthest = p.REPEAT_COLUMNS
    upwards, downwards = correlation[: p.REPEAT_ROWS], correlation[-p.REPEAT_ROWS :]
    best = max(float(part[:, nearest:farthest].max()) for part in (upwards, downwards))
    return best / max(float(correlation[0, 0]), 1e-6)
