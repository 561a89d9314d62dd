"""Two whole prints laid over one another: a map of the plane from the pairs that agree, and the minutiae that meet."""

from math import atan2, hypot, pi, sqrt

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.consensus import turn_between
from rekam.abis.finger.cylinders import COSINE, SINE, TURNS
from rekam.abis.finger.similarity import once_round

MEETINGS = 512  # minutiae stand at least a ridge apart, so that these are never reached by a finger


@njit(cache=True)
def turn_of(plane: np.ndarray) -> int:
    """The turn of a map, [-128, 128]."""
    return int(np.rint(atan2(plane[2] - plane[1], plane[0] + plane[3]) * (TURNS / 2) / pi))


@njit(cache=True)
def rigid(place_a: np.ndarray, place_b: np.ndarray, pairs: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The turn and shift that bring a's minutiae of the pairs nearest to b's, least squares by `weight` float64 [n].

    A map is float64 [6]: x' = m0 x + m1 y + m4, y' = m2 x + m3 y + m5. Where the pairs stand in one place, the first
    one's directions give the turn.
    """
    ax, ay, bx, by = _middles(place_a, place_b, pairs, weight)
    c, s = 0.0, 0.0
    for t in range(len(pairs)):
        ux, uy = place_a[pairs[t, 0], 0] - ax, place_a[pairs[t, 0], 1] - ay
        vx, vy = place_b[pairs[t, 1], 0] - bx, place_b[pairs[t, 1], 1] - by
        c += weight[t] * (ux * vx + uy * vy)
        s += weight[t] * (ux * vy - uy * vx)
    length = hypot(c, s)
    if length < 1.0:
        turn = turn_between(place_a[pairs[0, 0], 2], place_b[pairs[0, 1], 2])
        c, s, length = COSINE[turn % TURNS], SINE[turn % TURNS], 1.0
    c, s = c / length, s / length
    return np.array([c, -s, s, c, bx - (c * ax - s * ay), by - (s * ax + c * ay)])


@njit(cache=True)
def stretched(place_a: np.ndarray, place_b: np.ndarray, pairs: np.ndarray, plane: np.ndarray) -> np.ndarray:
    """The affine map of the pairs, drawn to the rigid `plane` (ridge regression); that one where it is no skin's."""
    ax, ay, bx, by = _middles(place_a, place_b, pairs, np.ones(len(pairs)))
    xx, xy, yy, ux, uy, vx, vy = p.STRETCH_PRIOR, 0.0, p.STRETCH_PRIOR, 0.0, 0.0, 0.0, 0.0
    for t in range(len(pairs)):
        x, y = place_a[pairs[t, 0], 0] - ax, place_a[pairs[t, 0], 1] - ay
        off_x = place_b[pairs[t, 1], 0] - bx - (plane[0] * x + plane[1] * y)
        off_y = place_b[pairs[t, 1], 1] - by - (plane[2] * x + plane[3] * y)
        xx, xy, yy = xx + x * x, xy + x * y, yy + y * y
        ux, uy, vx, vy = ux + x * off_x, uy + y * off_x, vx + x * off_y, vy + y * off_y
    size = xx * yy - xy * xy
    m0, m1 = plane[0] + (yy * ux - xy * uy) / size, plane[1] + (xx * uy - xy * ux) / size
    m2, m3 = plane[2] + (yy * vx - xy * vy) / size, plane[3] + (xx * vy - xy * vx) / size
    if not 1 / p.STRETCH_MOST < m0 * m3 - m1 * m2 < p.STRETCH_MOST:
        return plane
    return np.array([m0, m1, m2, m3, bx - (m0 * ax + m1 * ay), by - (m2 * ax + m3 * ay)])


@njit(cache=True)
def _middles(
    place_a: np.ndarray, place_b: np.ndarray, pairs: np.ndarray, weight: np.ndarray
) -> tuple[float, float, float, float]:
    total, ax, ay, bx, by = 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(len(pairs)):
        i, j, w = pairs[t, 0], pairs[t, 1], weight[t]
        total += w
        ax, ay, bx, by = (
            ax + w * place_a[i, 0],
            ay + w * place_a[i, 1],
            bx + w * place_b[j, 0],
            by + w * place_b[j, 1],
        )
    return ax / total, ay / total, bx / total, by / total


@njit(cache=True)
def inverse(plane: np.ndarray) -> np.ndarray:
    """The map back."""
    size = plane[0] * plane[3] - plane[1] * plane[2]
    m0, m1, m2, m3 = plane[3] / size, -plane[1] / size, -plane[2] / size, plane[0] / size
    return np.array([m0, m1, m2, m3, -m0 * plane[4] - m1 * plane[5], -m2 * plane[4] - m3 * plane[5]])


@njit(cache=True)
def moved(plane: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The minutiae's x and y under a map, float32 [n, 2]."""
    result = np.empty((len(place), 2), np.float32)
    for i in range(len(place)):
        result[i, 0] = plane[0] * place[i, 0] + plane[1] * place[i, 1] + plane[4]
        result[i, 1] = plane[2] * place[i, 0] + plane[3] * place[i, 1] + plane[5]
    return result


@njit(cache=True)
def meeting(place_a: np.ndarray, ring_b: np.ndarray, plane: np.ndarray, reach: float) -> np.ndarray:
    """The minutiae of a that a map brings within `reach` of one of b of like direction, int64 [k, 2], nearest first.

    No minutia is in two pairs. ring_b: see `similarity.ring_of`.
    """
    rows, columns = len(place_a), ring_b.shape[1] // 3
    there = moved(plane, place_a)
    turn = turn_of(plane)
    shift = np.float32(turn if place_a[0, 2] + turn - p.REACH_TURN >= 0 else turn + TURNS)
    pair, cost = np.empty((MEETINGS, 2), np.int64), np.empty(MEETINGS)
    turn_reach, square_reach = np.float32(p.REACH_TURN), np.float32(reach * reach)
    found, low, high = 0, 0, 0
    for i in range(rows):
        direction = place_a[i, 2] + shift
        while low < 3 * columns and ring_b[2, low] < direction - turn_reach:
            low += 1
        while high < 3 * columns and ring_b[2, high] <= direction + turn_reach:
            high += 1
        for at in range(low, high):
            dx, dy = there[i, 0] - ring_b[0, at], there[i, 1] - ring_b[1, at]
            square = dx * dx + dy * dy
            if square < square_reach and found < MEETINGS:
                cost[found] = sqrt(square) / reach + p.TURN_COST * abs(ring_b[2, at] - direction) / p.REACH_TURN
                pair[found, 0], pair[found, 1] = i, once_round(at, columns)
                found += 1
    return _nearest_first(pair, _ascending(cost[:found]), rows, columns)


@njit(cache=True)
def _ascending(cost: np.ndarray) -> np.ndarray:
    """The order of few entries, equal ones as they come (insertion sort)."""
    order = np.empty(cost.size, np.int64)
    for entry in range(cost.size):
        place = entry
        while place > 0 and cost[order[place - 1]] > cost[entry]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = entry
    return order


@njit(cache=True)
def _nearest_first(pair: np.ndarray, order: np.ndarray, rows: int, columns: int) -> np.ndarray:
    taken_a, taken_b = np.zeros(rows, np.bool_), np.zeros(columns, np.bool_)
    chosen, count = np.empty((min(rows, columns), 2), np.int64), 0
    for entry in order:
        i, j = pair[entry, 0], pair[entry, 1]
        if not taken_a[i] and not taken_b[j]:
            taken_a[i] = taken_b[j] = True
            chosen[count, 0], chosen[count, 1] = i, j
            count += 1
    return chosen[:count]
