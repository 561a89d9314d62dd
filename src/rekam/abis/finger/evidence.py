"""What two prints laid over one another say for one finger: two figures."""

from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.alignment import Plane, inverse, moved, turn_of
from rekam.abis.finger.consensus import turn_between

Ground = tuple[np.float32, np.float32, np.float32, np.float32, np.float32, np.float32, np.float32, np.float32]


class ResidualRoom(NamedTuple):
    """What `matched` writes to, made once for many comparisons.

    residual: float64 [3, most], of each pair in x, y and direction. around: float64 [3, most], the weights of the pairs
    around it and the weighted sums of their residuals in x and y.
    """

    residual: np.ndarray
    around: np.ndarray


@njit(cache=True)
def residual_room(most: int) -> ResidualRoom:
    """Room for so many pairs."""
    return ResidualRoom(np.empty((3, most)), np.empty((3, most)))


@njit(cache=True)
def matched(
    place: np.ndarray, there: np.ndarray, ring: np.ndarray, pairs: np.ndarray, count: int, turn: int, room: ResidualRoom
) -> float:
    """How many minutiae of the pairs int64 [count, 2] match, each counting 0-1 by how near they lie under the map.

    there: float32 [2, n], where it brings the minutiae; turn: its turn; ring: the other print's. Skin is distorted
    smoothly: each pair's residual counts less the mean one of the other pairs around it.
    """
    residual, around = room.residual, room.around
    for t in range(count):
        i, j = pairs[t, 0], pairs[t, 1]
        residual[0, t], residual[1, t] = there[0, i] - ring[0, j], there[1, i] - ring[1, j]
        residual[2, t] = turn_between(place[i, 2] + turn, ring[2, j])
        around[0, t], around[1, t], around[2, t] = p.DISTORTION_PRIOR, 0.0, 0.0
        for k in range(t):
            dx, dy = ring[0, j] - ring[0, pairs[k, 1]], ring[1, j] - ring[1, pairs[k, 1]]
            weight = exp(-(dx * dx + dy * dy) / (2 * p.DISTORTION_SIGMA**2))
            _add(around, t, weight, residual[0, k], residual[1, k])
            _add(around, k, weight, residual[0, t], residual[1, t])
    total = 0.0
    for t in range(count):
        x, y = residual[0, t] - around[1, t] / around[0, t], residual[1, t] - around[2, t] / around[0, t]
        square = (x * x + y * y) / p.RESIDUAL_SIGMA**2 + (residual[2, t] / p.RESIDUAL_TURN_SIGMA) ** 2
        total += exp(-square / 2)
    return total


@njit(cache=True)
def _add(around: np.ndarray, t: int, weight: float, x: float, y: float) -> None:
    around[0, t] += weight
    around[1, t] += weight * x
    around[2, t] += weight * y


@njit(cache=True)
def ground_of(place: np.ndarray) -> Ground:
    """The octagon round a print's minutiae: the least and most of x, y, x + y, x - y."""
    x_low = y_low = sum_low = apart_low = np.float32(np.inf)
    x_high = y_high = sum_high = apart_high = np.float32(-np.inf)
    for i in range(len(place)):
        x, y = place[i, 0], place[i, 1]
        x_low, x_high, y_low, y_high = min(x_low, x), max(x_high, x), min(y_low, y), max(y_high, y)
        sum_low, sum_high = min(sum_low, x + y), max(sum_high, x + y)
        apart_low, apart_high = min(apart_low, x - y), max(apart_high, x - y)
    return x_low, x_high, y_low, y_high, sum_low, sum_high, apart_low, apart_high


@njit(cache=True)
def within(ground: Ground, x: np.float32, y: np.float32) -> np.bool:
    """Whether a point lies in an octagon; without a branch, so that many are tried at a time."""
    return (
        (ground[0] <= x)
        & (x <= ground[1])
        & (ground[2] <= y)
        & (y <= ground[3])
        & (ground[4] <= x + y)
        & (x + y <= ground[5])
        & (ground[6] <= x - y)
        & (x - y <= ground[7])
    )


@njit(cache=True)
def figures(
    place: np.ndarray,
    there: np.ndarray,
    ground: Ground,
    ring: np.ndarray,
    columns: int,
    other_ground: Ground,
    pairs: np.ndarray,
    met: int,
    plane: Plane,
    relaxed: float,
    room: ResidualRoom,
) -> tuple[float, float]:
    """Logarithms: of the relaxed score; and of the matched minutiae squared over the geometric mean of either print's
    minutiae that could have matched, those in the other one's ground.
    """
    count = matched(place, there, ring, pairs, met, turn_of(plane), room)
    of_a, of_b, back = 0, 0, inverse(plane)
    for i in range(len(place)):
        of_a += int(within(other_ground, there[0, i], there[1, i]))
    for j in range(columns):
        x, y = moved(back, ring[0, j], ring[1, j])
        of_b += int(within(ground, x, y))
    of_a, of_b = max(met, of_a), max(met, of_b)
    return (
        log(relaxed + p.LEAST_RELAXED),
        log(count * count / sqrt(of_a * of_b + p.LEAST_POSSIBLE) + p.LEAST_MATCHED),
    )
