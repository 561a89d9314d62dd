"""The agreement of pairs: matched minutiae must also lie to one another alike in both prints.

Cappelli, Ferrara & Maltoni 2010, section 4.3 (local similarity with relaxation).
"""

import numpy as np
from numba import njit

from rekam.abis.finger import parameters as p


@njit(cache=True)
def turned(a: float, b: float) -> float:
    """Difference of two directions, in [-pi, pi)."""
    return (a - b + np.pi) % (2 * np.pi) - np.pi


@njit(cache=True)
def sigmoid(value: float, mu: float, tau: float) -> float:
    """The paper's Z: 1 / (1 + exp(-tau (value - mu)))."""
    return 1.0 / (1.0 + np.exp(-tau * (value - mu)))


@njit(cache=True)
def pairs_wanted(smaller: int) -> int:
    """How many pairs the score is taken from, for the smaller number of cylinders (paper, equation 21)."""
    span = p.PAIRS_MOST - p.PAIRS_LEAST
    return p.PAIRS_LEAST + int(np.rint(sigmoid(float(smaller), p.PAIRS_MU, p.PAIRS_TAU) * span))


@njit(cache=True)
def agreement(
    place_a: np.ndarray, place_b: np.ndarray, pair_a: np.ndarray, pair_b: np.ndarray, t: int, k: int
) -> float:
    """How alike pairs t and k lie in both prints, 0-1 (paper, equations 25 and 26)."""
    a, b, c, d = pair_a[t], pair_b[t], pair_a[k], pair_b[k]
    ax, ay = place_a[c, 0] - place_a[a, 0], place_a[c, 1] - place_a[a, 1]
    bx, by = place_b[d, 0] - place_b[b, 0], place_b[d, 1] - place_b[b, 1]
    distance = abs(np.sqrt(ax * ax + ay * ay) - np.sqrt(bx * bx + by * by))
    if distance > 12.0:  # the factor below is under 2e-5
        return 0.0
    direction = abs(turned(place_a[a, 2] - place_a[c, 2], place_b[b, 2] - place_b[d, 2]))
    if direction > 0.7:
        return 0.0
    radial = abs(turned(place_a[a, 2] - np.arctan2(ay, ax), place_b[b, 2] - np.arctan2(by, bx)))
    return (
        sigmoid(distance, p.RHO_DISTANCE[0], p.RHO_DISTANCE[1])
        * sigmoid(direction, p.RHO_DIRECTION[0], p.RHO_DIRECTION[1])
        * sigmoid(radial, p.RHO_RADIAL[0], p.RHO_RADIAL[1])
    )


@njit(cache=True)
def relaxed_score(
    place_a: np.ndarray, place_b: np.ndarray, pair_a: np.ndarray, pair_b: np.ndarray, likeness: np.ndarray, wanted: int
) -> float:
    """The score 0-1 of a list of pairs with their local `likeness` float64 [r]: the mean, after relaxation, of the
    `wanted` pairs that kept most of theirs.
    """
    count = likeness.size
    if count < 2:
        return 0.0
    rho = np.zeros((count, count))
    for t in range(count):
        for k in range(t):
            rho[t, k] = agreement(place_a, place_b, pair_a, pair_b, t, k)
            rho[k, t] = agreement(place_a, place_b, pair_a, pair_b, k, t)
    now = likeness.copy()
    after = np.empty(count)
    for _ in range(p.RELAXATION_STEPS):
        for t in range(count):
            support = 0.0
            for k in range(count):
                support += rho[t, k] * now[k]
            after[t] = p.RELAXATION_WEIGHT * now[t] + (1 - p.RELAXATION_WEIGHT) * support / (count - 1)
        now, after = after, now
    kept = np.argsort(-now / likeness)[:wanted]
    total = 0.0
    for t in kept:
        total += now[t]
    return total / wanted
