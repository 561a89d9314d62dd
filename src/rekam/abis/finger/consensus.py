"""The agreement of pairs: matched minutiae must also lie to one another alike in both prints.

After Cappelli, Ferrara & Maltoni 2010, section 4.3 (local similarity with relaxation).
"""

from math import exp, sqrt

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.cylinders import COSINE, SINE, TURNS


@njit(cache=True)
def turn_between(a: float, b: float) -> int:
    """From direction a to direction b, the short way, in [-128, 128)."""
    return ((int(b) - int(a) + TURNS // 2) & (TURNS - 1)) - TURNS // 2


@njit(cache=True)
def agreement(there: np.ndarray, turn: np.ndarray, t: int, k: int) -> float:
    """How alike pairs t and k lie to one another in both prints, 0-1.

    there: float64 [n, 4], x and y of the pairs' minutiae in a and in b. turn: int64 [n], from a's direction to b's.
    """
    apart = ((turn[k] - turn[t] + TURNS // 2) & (TURNS - 1)) - TURNS // 2
    if abs(apart) > p.AGREEING_TURN:
        return 0.0
    ax, ay = there[k, 0] - there[t, 0], there[k, 1] - there[t, 1]
    bx, by = there[k, 2] - there[t, 2], there[k, 3] - there[t, 3]
    length_a, length_b = sqrt(ax * ax + ay * ay), sqrt(bx * bx + by * by)
    tolerance = p.AGREEING_LENGTH + p.AGREEING_STRETCH * (length_a + length_b) / 2
    apart_length = abs(length_a - length_b)
    if apart_length >= tolerance:
        return 0.0
    between = (turn[t] + apart // 2) & (TURNS - 1)
    c, s = COSINE[between], SINE[between]
    turned_x, turned_y = c * ax - s * ay, s * ax + c * ay
    bearing = (turned_x * by - turned_y * bx) / (max(1.0, length_a * length_b) * p.AGREEING_BEARING)
    if abs(bearing) >= 1 or turned_x * bx + turned_y * by < 0:
        return 0.0
    stretch, turning = apart_length / tolerance, apart / p.AGREEING_TURN
    return (1 - stretch * stretch) * (1 - bearing * bearing) * (1 - turning * turning)


@njit(cache=True)
def relaxed(
    place_a: np.ndarray, place_b: np.ndarray, pairs: np.ndarray, alike: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The similarities float32 [n] of n >= 2 pairs int64 [n, 2] after relaxation, float64 [n]; and the pairs' agreement
    with the one that kept most, float64 [n], 1 for itself.
    """
    count = len(pairs)
    there, turn = np.empty((count, 4)), np.empty(count, np.int64)
    for t in range(count):
        i, j = pairs[t, 0], pairs[t, 1]
        there[t, 0], there[t, 1], there[t, 2], there[t, 3] = place_a[i, 0], place_a[i, 1], place_b[j, 0], place_b[j, 1]
        turn[t] = turn_between(place_a[i, 2], place_b[j, 2])
    rho = np.zeros((count, count))
    for t in range(count):
        for k in range(t):
            rho[t, k] = rho[k, t] = agreement(there, turn, t, k)
    now, after = alike.astype(np.float64), np.empty(count)
    for _ in range(p.RELAXATION_STEPS):
        after[:] = 0.0
        for t in range(count):
            for k in range(count):
                after[k] += rho[t, k] * now[t]
        for t in range(count):
            after[t] = p.RELAXATION_WEIGHT * now[t] + (1 - p.RELAXATION_WEIGHT) * after[t] / (count - 1)
        now, after = after, now
    seed = np.argmax(now)
    rho[seed, seed] = 1.0
    return now, rho[seed]


@njit(cache=True)
def relaxed_score(now: np.ndarray, alike: np.ndarray, smaller: int) -> float:
    """The mean, 0-1, of the similarities after relaxation of those pairs that kept most of theirs; how many pairs the
    smaller number of minutiae says (paper, equations 21 and 27).
    """
    grown = (p.SCORED_MOST - p.SCORED_LEAST) / (1 + exp(-p.SCORED_TAU * (smaller - p.SCORED_MU)))
    wanted = p.SCORED_LEAST + int(np.rint(grown))
    kept = now / alike
    total = 0.0
    for _ in range(min(wanted, now.size)):
        best = np.argmax(kept)
        total += now[best]
        kept[best] = -1.0
    return total / wanted
