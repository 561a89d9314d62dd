"""Repair of the skeleton: spurs, islands, bridges and lakes are flaws of the print, not minutiae."""

import numpy as np
from numba import njit

from rekam.abis.finger import parameters as p
from rekam.abis.finger.skeleton import STEPS, neighbour_code, strip_corners

LOOSE, JUNCTION, ON = 1, 3, 2


def _crossings() -> np.ndarray:
    """uint8 [256]: how many ridges leave a pixel with these neighbours (Rutovitz' crossing number)."""
    table = np.zeros(256, dtype=np.uint8)
    for code in range(256):
        n = [(code >> k) & 1 for k in range(8)]
        table[code] = sum(n[k] == 0 and n[(k + 1) % 8] == 1 for k in range(8))
    return table


CROSSINGS = _crossings()


def repaired(skeleton: np.ndarray) -> np.ndarray:
    """The skeleton uint8 [H, W] without islands, spurs, bridges and lakes shorter than the limits in parameters."""
    image = np.pad(skeleton, 1)
    _drop_spurs(image, CROSSINGS, STEPS)
    strip_corners(image)
    _drop_bridges(image, CROSSINGS, STEPS)
    strip_corners(image)
    _drop_spurs(image, CROSSINGS, STEPS)
    strip_corners(image)
    return image[1:-1, 1:-1].copy()


@njit(cache=True)
def follow(
    image: np.ndarray,
    crossings: np.ndarray,
    steps: np.ndarray,
    start: tuple[int, int],
    first: tuple[int, int],
    limit: int,
    path: np.ndarray,
) -> tuple[int, int]:
    """Walk a ridge from pixel `start` over its neighbour `first`, at most `limit` pixels.

    Writes the pixels walked (without `start`) to `path` int64 [limit, 2] and returns (their number, crossing number
    of the last: 1 a loose end, 3 or more a junction, 2 the limit was reached).
    """
    before_y, before_x = start
    y, x = first
    count = 0
    while count < limit:
        path[count, 0], path[count, 1] = y, x
        count += 1
        kind = crossings[neighbour_code(image, y, x)]
        if kind != 2:
            return count, kind
        found = False
        for order in range(2):  # straight neighbours first, then diagonal ones
            for k in range(order, 8, 2):
                ny, nx = y + steps[k, 0], x + steps[k, 1]
                if not image[ny, nx] or (ny == before_y and nx == before_x):
                    continue
                if abs(ny - before_y) + abs(nx - before_x) <= 1 and count > 0:
                    continue  # beside the pixel just left: the same crossing, not a way on
                before_y, before_x, y, x, found = y, x, ny, nx, True
                break
            if found:
                break
        if not found:
            return count, 1
    return count, 2


@njit(cache=True)
def ways_out(image: np.ndarray, steps: np.ndarray, y: int, x: int, ways: np.ndarray) -> int:
    """Write one neighbour per ridge leaving (y, x) to `ways` int64 [4, 2] and return their number."""
    count = 0
    for k in range(8):
        here = image[y + steps[k, 0], x + steps[k, 1]]
        after = image[y + steps[(k + 1) % 8, 0], x + steps[(k + 1) % 8, 1]]
        before = image[y + steps[(k + 7) % 8, 0], x + steps[(k + 7) % 8, 1]]
        # of two touching neighbours the straight one stands for both
        if here and (k % 2 == 0 or not (after or before)) and count < 4:
            ways[count, 0], ways[count, 1] = y + steps[k, 0], x + steps[k, 1]
            count += 1
    return count


@njit(cache=True)
def _drop_spurs(image: np.ndarray, crossings: np.ndarray, steps: np.ndarray) -> None:
    """Erase, in place, ridges with a loose end that are too short."""
    path = np.empty((p.ISLAND, 2), np.int64)
    ways = np.empty((4, 2), np.int64)
    ys, xs = np.nonzero(image)
    for k in range(ys.size):
        y, x = ys[k], xs[k]
        if not image[y, x]:
            continue
        kind = crossings[neighbour_code(image, y, x)]
        if kind == 0:
            image[y, x] = 0
        if kind != 1 or ways_out(image, steps, y, x, ways) == 0:
            continue
        length, end = follow(image, crossings, steps, (y, x), (ways[0, 0], ways[0, 1]), p.ISLAND, path)
        island = end == 1 and length < p.ISLAND
        spur = end >= 3 and length <= p.SPUR
        if island or spur:
            image[y, x] = 0
            for m in range(length if island else length - 1):
                image[path[m, 0], path[m, 1]] = 0


@njit(cache=True)
def _drop_bridges(image: np.ndarray, crossings: np.ndarray, steps: np.ndarray) -> None:
    """Erase, in place, ridges between two junctions that are too short (one side of a lake)."""
    path = np.empty((p.BRIDGE, 2), np.int64)
    ways = np.empty((4, 2), np.int64)
    ys, xs = np.nonzero(image)
    for k in range(ys.size):
        y, x = ys[k], xs[k]
        if not image[y, x] or crossings[neighbour_code(image, y, x)] < 3:
            continue
        for w in range(ways_out(image, steps, y, x, ways)):
            length, end = follow(image, crossings, steps, (y, x), (ways[w, 0], ways[w, 1]), p.BRIDGE, path)
            if end >= 3 and length > 1:
                for m in range(length - 1):
                    image[path[m, 0], path[m, 1]] = 0
                break
