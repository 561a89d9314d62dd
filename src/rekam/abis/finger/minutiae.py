"""The minutiae: where ridges end and fork."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from rekam.abis.finger import parameters as p
from rekam.abis.finger.ridges import CROSSINGS, follow, ways_out
from rekam.abis.finger.skeleton import STEPS, neighbour_code

ENDING, BIFURCATION = 1, 2


@dataclass(frozen=True)
class Minutiae:
    """n minutiae; `position` int16 [n, 2] as (x, y) pixels at 500 dpi, y downwards; `kind` uint8 [n] 1 ending,
    2 bifurcation; `angle` float32 [n] radians in [0, 2 pi), counter-clockwise from +x as seen, pointing back along
    the ending ridge or into the fork's opening (ISO/IEC 19794-2, 6.4.1).
    """

    position: np.ndarray
    angle: np.ndarray
    kind: np.ndarray

    def only(self, chosen: np.ndarray) -> "Minutiae":
        """Those chosen by a mask or by indices."""
        return Minutiae(self.position[chosen], self.angle[chosen], self.kind[chosen])


def minutiae_of(skeleton: np.ndarray, ridge_angle: np.ndarray) -> Minutiae:
    """All endings and bifurcations of a skeleton uint8 [H, W] by the crossing number.

    The direction is the orientation field's `ridge_angle` [H, W], which is steadier than the skeleton; following the
    skeleton only decides which of its two ways.
    """
    found = _scan(np.pad(skeleton, 1), CROSSINGS, STEPS)
    position = found[:, :2].astype(np.int16)
    traced = np.arctan2(found[:, 3], found[:, 2])
    along = ridge_angle[position[:, 1], position[:, 0]]
    flipped = np.cos(traced - along) < 0
    seen = -(along + np.pi * flipped)  # y downwards to y upwards
    return Minutiae(position, np.mod(seen, 2 * np.pi).astype(np.float32), found[:, 4].astype(np.uint8))


@njit(cache=True)
def _scan(image: np.ndarray, crossings: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """float64 [n, 5]: x, y, dx, dy, kind in the coordinates of the picture without its frame."""
    path = np.empty((p.TRACE, 2), np.int64)
    ways = np.empty((4, 2), np.int64)
    ys, xs = np.nonzero(image)
    found = np.empty((ys.size, 5))
    count = 0
    branch = np.empty((4, 2))
    for k in range(ys.size):
        y, x = ys[k], xs[k]
        kind = crossings[neighbour_code(image, y, x)]
        if kind not in (1, 3):
            continue
        number = ways_out(image, steps, y, x, ways)
        shortest = p.TRACE
        for w in range(number):
            length, _ = follow(image, crossings, steps, (y, x), (ways[w, 0], ways[w, 1]), p.TRACE, path)
            shortest = min(shortest, length)
            dy, dx = path[length - 1, 0] - y, path[length - 1, 1] - x
            norm = max(np.hypot(dx, dy), 1e-9)
            branch[w, 0], branch[w, 1] = dx / norm, dy / norm
        if number != kind or shortest < p.SHORTEST_TRACE:
            continue
        if kind == 3:
            # the stem is the branch that points away from the other two together
            dx, dy = _opening(branch)
        else:
            dx, dy = branch[0, 0], branch[0, 1]
        found[count, 0], found[count, 1] = x - 1, y - 1
        found[count, 2], found[count, 3], found[count, 4] = dx, dy, kind // 2 + 1
        count += 1
    return found[:count]


@njit(cache=True)
def _opening(branch: np.ndarray) -> tuple[float, float]:
    """The direction between the two branches that lie closest to each other."""
    best, dx, dy = -2.0, 0.0, 0.0
    for a in range(3):
        b = (a + 1) % 3
        likeness = branch[a, 0] * branch[b, 0] + branch[a, 1] * branch[b, 1]
        if likeness > best:
            best, dx, dy = likeness, branch[a, 0] + branch[b, 0], branch[a, 1] + branch[b, 1]
    return dx, dy
