"""One step of the inverse wavelet transform: four quarters become the band they were split from (clause 4.2)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rekam.abis.wsq.subbands import Region

COLUMNS_AT_ONCE = 64
"""Columns are filtered as rows of a small turned copy: walking down a large image misses the cache at every step."""


def join(image: NDArray[np.float32], region: Region, low: NDArray[np.float32], high: NDArray[np.float32]) -> None:
    """Joins the region of `image` float32 [H, W] in place, columns first; of the filters the right halves are given."""
    part = image[region.y : region.y + region.height, region.x : region.x + region.width]
    if not part.size:
        return
    for left in range(0, region.width, COLUMNS_AT_ONCE):
        columns = part[:, left : left + COLUMNS_AT_ONCE]
        turned = np.ascontiguousarray(columns.T)
        _join_rows(turned, region.mirrored_y, low, high)
        columns[:] = turned.T
    _join_rows(part, region.mirrored_x, low, high)


@njit(cache=True)
def _join_rows(
    part: NDArray[np.float32],
    mirrored: bool,  # noqa: FBT001  # numba takes no keyword
    low: NDArray[np.float32],
    high: NDArray[np.float32],
) -> None:
    """The halves of each row of `part` interleaved, mirrored at both ends, and filtered."""
    size = part.shape[1]
    lows = (size + 1) // 2
    low_start = size - lows if mirrored else 0
    high_start = 0 if mirrored else lows
    reach = max(len(low), len(high)) - 1
    line = np.empty(size + 2 * reach, np.float32)
    for row in range(part.shape[0]):
        for half in range(lows):
            line[reach + 2 * half] = part[row, low_start + half]
        for half in range(size - lows):
            line[reach + 2 * half + 1] = part[row, high_start + half]
        for beyond in range(1, reach + 1):
            line[reach - beyond] = line[reach + _reflected(-beyond, size)]
            line[reach + size - 1 + beyond] = line[reach + _reflected(size - 1 + beyond, size)]
        for parity in range(2):
            # taps of the filter whose band stands at the centre, then of the other one between
            here, between = (high, low) if parity else (low, high)
            for place in range(parity, size, 2):
                centre = place + reach
                total = here[0] * line[centre]
                for tap in range(2, len(here), 2):
                    total += here[tap] * (line[centre - tap] + line[centre + tap])
                for tap in range(1, len(between), 2):
                    total += between[tap] * (line[centre - tap] + line[centre + tap])
                part[row, place] = total


@njit(cache=True)
def _reflected(place: int, size: int) -> int:
    if size == 1:
        return 0
    period = 2 * (size - 1)
    place %= period
    return period - place if place >= size else place
