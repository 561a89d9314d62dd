"""Growing ridges: noise filtered again and again along a direction field until minutiae stand.

R. Cappelli, "SFinGe: an approach to synthetic fingerprint generation" (2004); Handbook of
Fingerprint Recognition, 2nd ed., chapter 6.
"""

from functools import cache
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.fields import Field

_SIDE: Final = 2 * p.KERNEL_RADIUS + 1
_TAPS: Final = _SIDE**2
_TAPS_READ: Final = -(-_TAPS // 16) * 16
"""A kernel is read in whole vector registers; the taps past its own are zero."""


def grow_ridges(rng: np.random.Generator, directions: Field, periods: Field) -> Field:
    """The ridge pattern: +1 on ridges, -1 in valleys, a soft slope between; shape of `directions`.

    `directions` in radians (counter-clockwise), `periods` in pixels from ridge to ridge.
    """
    turn = np.round(directions / np.pi * p.DIRECTION_STEPS).astype(np.int64) % p.DIRECTION_STEPS
    low, high = p.PERIOD_RANGE
    step = np.round((periods - low) / (high - low) * (p.PERIOD_STEPS - 1))
    choice = turn * p.PERIOD_STEPS + np.clip(step, 0, p.PERIOD_STEPS - 1).astype(np.int64)
    margin = p.KERNEL_RADIUS
    skin = rng.standard_normal((directions.shape[0] + 2 * margin, directions.shape[1] + 2 * margin), dtype=np.float32)
    bank = _kernel_bank()
    for _ in range(p.GROWTH_STEPS):
        skin = np.pad(np.tanh(p.GROWTH_GAIN * _filtered(skin, bank, choice)), margin, mode="reflect")
    return skin[margin:-margin, margin:-margin]


@cache
def _kernel_bank() -> NDArray[np.float32]:
    """Zero-mean Gabor kernels of unit energy, column after column: shape (directions * periods, _TAPS_READ)."""
    radius = p.KERNEL_RADIUS
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1].astype(np.float32)
    bank = np.zeros((p.DIRECTION_STEPS * p.PERIOD_STEPS, _TAPS_READ), dtype=np.float32)
    kernels = iter(bank)
    for direction in np.arange(p.DIRECTION_STEPS) * np.pi / p.DIRECTION_STEPS:
        across = columns * np.sin(direction) + rows * np.cos(direction)
        along = columns * np.cos(direction) - rows * np.sin(direction)
        for period in np.linspace(*p.PERIOD_RANGE, p.PERIOD_STEPS):
            sigma_across, sigma_along = p.SIGMA_ACROSS * period, p.SIGMA_ALONG * period
            envelope = np.exp(-0.5 * ((across / sigma_across) ** 2 + (along / sigma_along) ** 2))
            kernel = envelope * np.cos(2 * np.pi * across / period)
            kernel -= envelope * kernel.sum() / envelope.sum()
            next(kernels)[:_TAPS] = (kernel / np.sqrt((kernel**2).sum())).T.ravel()
    return bank


@njit(cache=True, fastmath=True)
def _filtered(skin: Field, bank: Field, choice: NDArray[np.int64]) -> Field:
    """Each pixel filtered by the kernel that `choice` names for it: (H, W) from (H+2R, W+2R)."""
    height, width = choice.shape
    result = np.empty((height, width), dtype=np.float32)
    band = np.zeros(skin.shape[1] * _SIDE + _TAPS_READ, dtype=np.float32)
    for row in range(height):
        # the band of rows around this one, column after column: what a kernel covers lies in one piece
        for column in range(skin.shape[1]):
            for i in range(_SIDE):
                band[column * _SIDE + i] = skin[row + i, column]
        for column in range(width):
            kernel = bank[choice[row, column]]
            covered = band[column * _SIDE : column * _SIDE + _TAPS_READ]
            total = np.float32(0)
            for tap in range(_TAPS_READ):
                total += kernel[tap] * covered[tap]
            result[row, column] = total
    return result
