"""What two prints laid over one another say for one finger: two figures."""

from math import exp, log, sqrt

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.alignment import inverse, moved, turn_of
from rekam.abis.finger.consensus import turn_between

FIGURES = 2


@njit(cache=True)
def matched(place_a: np.ndarray, place_b: np.ndarray, pairs: np.ndarray, plane: np.ndarray) -> float:
    """How many minutiae of the pairs int64 [n, 2] match, each counting 0-1 by how near they lie under the map.

    Skin is distorted smoothly: each pair's residual counts less the mean one of the other pairs around it.
    """
    count, turn = len(pairs), turn_of(plane)
    residual = np.empty((count, 3))
    there = moved(plane, place_a)
    for t in range(count):
        i, j = pairs[t, 0], pairs[t, 1]
        residual[t, 0], residual[t, 1] = there[i, 0] - place_b[j, 0], there[i, 1] - place_b[j, 1]
        residual[t, 2] = turn_between(place_a[i, 2] + turn, place_b[j, 2])
    total = 0.0
    for t in range(count):
        shift_x, shift_y = _local_shift(place_b, pairs, residual, t)
        x, y = residual[t, 0] - shift_x, residual[t, 1] - shift_y
        square = (x * x + y * y) / p.RESIDUAL_SIGMA**2 + (residual[t, 2] / p.RESIDUAL_TURN_SIGMA) ** 2
        total += exp(-square / 2)
    return total


@njit(cache=True)
def _local_shift(place_b: np.ndarray, pairs: np.ndarray, residual: np.ndarray, t: int) -> tuple[float, float]:
    """The mean residual of the pairs around pair t, its own left out."""
    weights, x, y = p.DISTORTION_PRIOR, 0.0, 0.0
    for k in range(len(pairs)):
        if k != t:
            dx = place_b[pairs[t, 1], 0] - place_b[pairs[k, 1], 0]
            dy = place_b[pairs[t, 1], 1] - place_b[pairs[k, 1], 1]
            weight = exp(-(dx * dx + dy * dy) / (2 * p.DISTORTION_SIGMA**2))
            weights, x, y = weights + weight, x + weight * residual[k, 0], y + weight * residual[k, 1]
    return x / weights, y / weights


@njit(cache=True)
def overlapping(place: np.ndarray, plane: np.ndarray, other: np.ndarray) -> int:
    """How many minutiae a map brings into the other print's ground: the octagon round its minutiae."""
    x_low = y_low = sum_low = apart_low = np.float32(np.inf)
    x_high = y_high = sum_high = apart_high = np.float32(-np.inf)
    for j in range(len(other)):
        x, y = other[j, 0], other[j, 1]
        x_low, x_high, y_low, y_high = min(x_low, x), max(x_high, x), min(y_low, y), max(y_high, y)
        sum_low, sum_high = min(sum_low, x + y), max(sum_high, x + y)
        apart_low, apart_high = min(apart_low, x - y), max(apart_high, x - y)
    there, inside = moved(plane, place), 0
    for i in range(len(place)):
        x, y = there[i, 0], there[i, 1]
        inside += (
            x_low <= x <= x_high
            and y_low <= y <= y_high
            and sum_low <= x + y <= sum_high
            and apart_low <= x - y <= apart_high
        )
    return inside


@njit(cache=True)
def figures(
    place_a: np.ndarray, place_b: np.ndarray, pairs: np.ndarray, plane: np.ndarray, relaxed: float
) -> np.ndarray:
    """float64 [2], logarithms: of the relaxed score; and of the matched minutiae squared over the geometric mean of
    either print's minutiae that could have matched.
    """
    count, met = matched(place_a, place_b, pairs, plane), len(pairs)
    of_a = max(met, overlapping(place_a, plane, place_b))
    of_b = max(met, overlapping(place_b, inverse(plane), place_a))
    result = np.empty(FIGURES)
    result[0] = log(relaxed + p.LEAST_RELAXED)
    result[1] = log(count * count / sqrt(of_a * of_b + p.LEAST_POSSIBLE) + p.LEAST_MATCHED)
    return result
