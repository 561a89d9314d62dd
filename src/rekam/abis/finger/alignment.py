"""Maps of the plane from pairs of minutiae: x' = m0 x + m1 y + m4, y' = m2 x + m3 y + m5, six floats in a tuple."""

from math import atan2, hypot, pi

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.consensus import turn_between
from rekam.abis.finger.cylinders import COSINE, SINE, TURNS

Plane = tuple[float, float, float, float, float, float]


@njit(cache=True)
def turn_of(plane: Plane) -> int:
    """The turn of a map, [-128, 128]."""
    return int(np.rint(atan2(plane[2] - plane[1], plane[0] + plane[3]) * (TURNS / 2) / pi))


@njit(cache=True)
def rigid(place: np.ndarray, ring: np.ndarray, pairs: np.ndarray, weight: np.ndarray, count: int) -> Plane:
    """The turn and shift that bring the minutiae of the pairs int64 [count, 2] nearest to those of the ring, the other
    print's, least squares by `weight` float64 [count].

    Where the pairs stand in one place, the first one's directions give the turn.
    """
    ax, ay, bx, by = _middles(place, ring, pairs, weight, count)
    c, s = 0.0, 0.0
    for t in range(count):
        ux, uy = place[pairs[t, 0], 0] - ax, place[pairs[t, 0], 1] - ay
        vx, vy = ring[0, pairs[t, 1]] - bx, ring[1, pairs[t, 1]] - by
        c += weight[t] * (ux * vx + uy * vy)
        s += weight[t] * (ux * vy - uy * vx)
    length = hypot(c, s)
    if length < 1.0:
        turn = turn_between(place[pairs[0, 0], 2], ring[2, pairs[0, 1]])
        c, s, length = COSINE[turn % TURNS], SINE[turn % TURNS], 1.0
    c, s = c / length, s / length
    return c, -s, s, c, bx - (c * ax - s * ay), by - (s * ax + c * ay)


@njit(cache=True)
def stretched(
    place: np.ndarray, ring: np.ndarray, pairs: np.ndarray, weight: np.ndarray, count: int, plane: Plane
) -> Plane:
    """The affine map of the pairs, drawn to their rigid `plane` (ridge regression); that one where it is no skin's.

    weight: ones.
    """
    ax, ay, bx, by = _middles(place, ring, pairs, weight, count)
    xx, xy, yy, ux, uy, vx, vy = p.STRETCH_PRIOR, 0.0, p.STRETCH_PRIOR, 0.0, 0.0, 0.0, 0.0
    for t in range(count):
        x, y = place[pairs[t, 0], 0] - ax, place[pairs[t, 0], 1] - ay
        off_x = ring[0, pairs[t, 1]] - bx - (plane[0] * x + plane[1] * y)
        off_y = ring[1, pairs[t, 1]] - by - (plane[2] * x + plane[3] * y)
        xx, xy, yy = xx + x * x, xy + x * y, yy + y * y
        ux, uy, vx, vy = ux + x * off_x, uy + y * off_x, vx + x * off_y, vy + y * off_y
    size = xx * yy - xy * xy
    m0, m1 = plane[0] + (yy * ux - xy * uy) / size, plane[1] + (xx * uy - xy * ux) / size
    m2, m3 = plane[2] + (yy * vx - xy * vy) / size, plane[3] + (xx * vy - xy * vx) / size
    if not 1 / p.STRETCH_MOST < m0 * m3 - m1 * m2 < p.STRETCH_MOST:
        return plane
    return m0, m1, m2, m3, bx - (m0 * ax + m1 * ay), by - (m2 * ax + m3 * ay)


@njit(cache=True)
def _middles(
    place: np.ndarray, ring: np.ndarray, pairs: np.ndarray, weight: np.ndarray, count: int
) -> tuple[float, float, float, float]:
    total, ax, ay, bx, by = 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(count):
        i, j, w = pairs[t, 0], pairs[t, 1], weight[t]
        total += w
        ax, ay, bx, by = (
            ax + w * place[i, 0],
            ay + w * place[i, 1],
            bx + w * ring[0, j],
            by + w * ring[1, j],
        )
    return ax / total, ay / total, bx / total, by / total


@njit(cache=True)
def inverse(plane: Plane) -> Plane:
    """The map back."""
    size = plane[0] * plane[3] - plane[1] * plane[2]
    m0, m1, m2, m3 = plane[3] / size, -plane[1] / size, -plane[2] / size, plane[0] / size
    return m0, m1, m2, m3, -m0 * plane[4] - m1 * plane[5], -m2 * plane[4] - m3 * plane[5]


@njit(cache=True)
def moved(plane: Plane, x: float, y: float) -> tuple[np.float32, np.float32]:
    """A point under a map."""
    return (
        np.float32(plane[0] * x + plane[1] * y + plane[4]),
        np.float32(plane[2] * x + plane[3] * y + plane[5]),
    )
