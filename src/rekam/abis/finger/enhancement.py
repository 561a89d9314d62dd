"""The enhanced picture: noise between and across the ridges filtered away."""

import numpy as np
from numba import njit

from rekam.abis.finger import parameters as p

PERIODS = np.geomspace(p.SHORTEST_PERIOD, p.LONGEST_PERIOD, p.GABOR_PERIODS)


def _kernels() -> np.ndarray:
    """Gabor kernels float32 [orientations, periods, n, n], zero mean and unit energy."""
    reach = np.arange(-p.GABOR_RADIUS, p.GABOR_RADIUS + 1, dtype=np.float64)
    y, x = np.meshgrid(reach, reach, indexing="ij")
    angles = np.arange(p.GABOR_ORIENTATIONS) * np.pi / p.GABOR_ORIENTATIONS
    kernels = np.empty((p.GABOR_ORIENTATIONS, p.GABOR_PERIODS, reach.size, reach.size), np.float32)
    for i, angle in enumerate(angles):
        along = x * np.cos(angle) + y * np.sin(angle)
        across = y * np.cos(angle) - x * np.sin(angle)
        bell = np.exp(-0.5 * ((along / p.GABOR_SIGMA_ALONG) ** 2 + (across / p.GABOR_SIGMA_ACROSS) ** 2))
        for j, period in enumerate(PERIODS):
            wave = np.cos(2 * np.pi * across / period)
            kernel = bell * (wave - (bell * wave).sum() / bell.sum())
            kernels[i, j] = kernel / np.sqrt((kernel**2).sum())
    return kernels


KERNELS = _kernels()


def enhanced_of(even: np.ndarray, mask: np.ndarray, angle: np.ndarray, period: np.ndarray) -> np.ndarray:
    """The picture [H, W] filtered at each pixel with the Gabor filter of its own orientation and period.

    float32 [H, W], ridges positive, 0 outside `mask`.
    """
    turn = np.mod(np.rint(angle * (p.GABOR_ORIENTATIONS / np.pi)).astype(np.int32), p.GABOR_ORIENTATIONS)
    ratio = np.log(PERIODS[1] / PERIODS[0])
    step = np.clip(np.rint(np.log(period / PERIODS[0]) / ratio), 0, p.GABOR_PERIODS - 1).astype(np.int32)
    padded = np.pad((even * mask).astype(np.float32), p.GABOR_RADIUS)
    return _filter(padded, mask, turn, step, KERNELS)


@njit(cache=True, fastmath={"reassoc", "contract", "nsz"})
def _filter(
    padded: np.ndarray, mask: np.ndarray, turn: np.ndarray, step: np.ndarray, kernels: np.ndarray
) -> np.ndarray:
    height, width = mask.shape
    size = kernels.shape[2]
    out = np.zeros((height, width), np.float32)
    for y in range(height):
        for x in range(width):
            if not mask[y, x]:
                continue
            kernel = kernels[turn[y, x], step[y, x]]
            total = np.float32(0)
            for i in range(size):
                for j in range(size):
                    total += kernel[i, j] * padded[y + i, x + j]
            out[y, x] = -total
    return out
