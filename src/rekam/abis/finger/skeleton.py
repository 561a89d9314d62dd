"""The skeleton: every ridge one pixel wide."""

import numpy as np
from numba import njit

# the eight neighbours of a pixel, clockwise from the north (y downwards)
STEPS = np.array([(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)], dtype=np.int64)


def skeleton_of(enhanced: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Skeleton uint8 [H, W] (0/1) of the ridges, those pixels of `mask` where the enhanced picture is positive.

    Thinned by Zhang & Suen (1984) and reduced to strict 8-connectivity, so that the crossing number counts branches.
    """
    ridges = np.pad(((enhanced > 0) & mask).astype(np.uint8), 1)
    thin(ridges)
    strip_corners(ridges)
    return ridges[1:-1, 1:-1].copy()


def _deletable() -> np.ndarray:
    """Mask bool [2, 256]: may a pixel with these neighbours go in the first or second half step (Zhang & Suen 1984)."""
    table = np.zeros((2, 256), dtype=np.bool_)
    for code in range(256):
        n = [(code >> k) & 1 for k in range(8)]
        transitions = sum(n[k] == 0 and n[(k + 1) % 8] == 1 for k in range(8))
        if not (2 <= sum(n) <= 6 and transitions == 1):
            continue
        north, east, south, west = n[0], n[2], n[4], n[6]
        table[0, code] = north * east * south == 0 and east * south * west == 0
        table[1, code] = north * east * west == 0 and north * south * west == 0
    return table


DELETABLE = _deletable()


@njit(cache=True)
def neighbour_code(image: np.ndarray, y: int, x: int) -> int:
    """The eight neighbours of a pixel as bits, clockwise from the north."""
    return (
        image[y - 1, x]
        | image[y - 1, x + 1] << 1
        | image[y, x + 1] << 2
        | image[y + 1, x + 1] << 3
        | image[y + 1, x] << 4
        | image[y + 1, x - 1] << 5
        | image[y, x - 1] << 6
        | image[y - 1, x - 1] << 7
    )


@njit(cache=True)
def _thin(image: np.ndarray, deletable: np.ndarray) -> None:
    width = image.shape[1]
    ys, xs = np.nonzero(image)
    count = ys.size
    gone = np.empty(count, np.int64)
    changed = True
    while changed:
        changed = False
        for half in range(2):
            leaving = 0
            kept = 0
            for k in range(count):
                y, x = ys[k], xs[k]
                if deletable[half, neighbour_code(image, y, x)]:
                    gone[leaving] = y * width + x
                    leaving += 1
                else:
                    ys[kept], xs[kept] = y, x
                    kept += 1
            for k in range(leaving):
                image[gone[k] // width, gone[k] % width] = 0
            count = kept
            changed = changed or leaving > 0


def thin(image: np.ndarray) -> None:
    """Thin a 0/1 picture uint8 [H, W] with a clear one-pixel frame, in place."""
    _thin(image, DELETABLE)


@njit(cache=True)
def strip_corners(image: np.ndarray) -> None:
    """Take away, in place, pixels whose neighbours hold together without them: the corners Zhang & Suen leave."""
    height, width = image.shape
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            if not image[y, x]:
                continue
            north, south, west, east = image[y - 1, x], image[y + 1, x], image[y, x - 1], image[y, x + 1]
            ne, se, sw, nw = image[y - 1, x + 1], image[y + 1, x + 1], image[y + 1, x - 1], image[y - 1, x - 1]
            corner = (
                (north and east and not sw and not (south or west))
                or (east and south and not nw and not (north or west))
                or (south and west and not ne and not (north or east))
                or (west and north and not se and not (south or east))
            )
            if corner:
                image[y, x] = 0
