"""The agreement of pairs: matched minutiae must also lie to one another alike in both prints.

After Cappelli, Ferrara & Maltoni 2010, section 4.3 (local similarity with relaxation).
"""

from math import exp
from typing import NamedTuple

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.ascending import ascending
from rekam.abis.finger.cylinders import COSINE, SINE, TURNS
from rekam.abis.finger.similarity import LANES, whole_lanes

WIDTH = (p.CANDIDATES + LANES - 1) // LANES * LANES


@njit(cache=True)
def turn_between(a: float, b: float) -> int:
    """From direction a to direction b, the short way, in [-128, 128)."""
    return ((int(b) - int(a) + TURNS // 2) & (TURNS - 1)) - TURNS // 2


class AgreementRoom(NamedTuple):
    """What `relaxed` writes to, made once for many comparisons.

    now: float64 [WIDTH], the similarities after relaxation. weight: float64 [WIDTH], those times each pair's agreement
    with the one that kept most. In between: there float64 [4, WIDTH], x and y of the pairs' minutiae in a and in b;
    turn int64 [WIDTH], from a's direction to b's; rho float64 [WIDTH, WIDTH], the agreement of any two; after; lost and
    order, of how little they kept.
    """

    now: np.ndarray
    weight: np.ndarray
    there: np.ndarray
    turn: np.ndarray
    rho: np.ndarray
    after: np.ndarray
    lost: np.ndarray
    order: np.ndarray


@njit(cache=True)
def agreement_room() -> AgreementRoom:
    """Room for the candidate pairs of two prints."""
    return AgreementRoom(
        np.zeros(WIDTH),
        np.zeros(WIDTH),
        np.zeros((4, WIDTH)),
        np.zeros(WIDTH, np.int64),
        np.zeros((WIDTH, WIDTH)),
        np.zeros(WIDTH),
        np.zeros(WIDTH),
        np.zeros(WIDTH, np.int64),
    )


@njit(cache=True, error_model="numpy")
def agreements(there: np.ndarray, turn: np.ndarray, t: int, rho: np.ndarray) -> None:
    """Write to rho[t] how alike pair t and each of those before it lie to one another in both prints, 0-1; see
    `AgreementRoom`. Without branches, so that it compiles to vector instructions.
    """
    turned, x_a, y_a, x_b, y_b = turn[t], there[0, t], there[1, t], there[2, t], there[3, t]
    for k in range(np.uint64(whole_lanes(t))):
        apart = ((turn[k] - turned + TURNS // 2) & (TURNS - 1)) - TURNS // 2
        ax, ay, bx, by = there[0, k] - x_a, there[1, k] - y_a, there[2, k] - x_b, there[3, k] - y_b
        length_a, length_b = np.sqrt(ax * ax + ay * ay), np.sqrt(bx * bx + by * by)
        tolerance = p.AGREEING_LENGTH + p.AGREEING_STRETCH * (length_a + length_b) / 2
        apart_length = abs(length_a - length_b)
        between = (turned + (apart >> 1)) & (TURNS - 1)
        c, s = COSINE[between], SINE[between]
        turned_x, turned_y = c * ax - s * ay, s * ax + c * ay
        bearing = (turned_x * by - turned_y * bx) / (max(1.0, length_a * length_b) * p.AGREEING_BEARING)
        agrees = (
            (abs(apart) <= p.AGREEING_TURN)
            & (apart_length < tolerance)
            & (abs(bearing) < 1)
            & (turned_x * bx + turned_y * by >= 0)
        )
        stretch, turning = apart_length / tolerance, apart / p.AGREEING_TURN
        both = (1 - stretch * stretch) * (1 - bearing * bearing) * (1 - turning * turning)
        rho[t, k] = both if agrees else 0.0


@njit(cache=True)
def relaxed(
    place: np.ndarray, ring: np.ndarray, pairs: np.ndarray, alike: np.ndarray, count: int, room: AgreementRoom
) -> None:
    """Relax the similarities float32 [count] of pairs int64 [count, 2], at least two: writes `now` and `weight` of the
    room. ring: the other print's, see `similarity.lay_round`.
    """
    there, turn, rho = room.there, room.turn, room.rho
    now, after, weight = room.now, room.after, room.weight
    for t in range(count):
        i, j = pairs[t, 0], pairs[t, 1]
        there[0, t], there[1, t], there[2, t], there[3, t] = place[i, 0], place[i, 1], ring[0, j], ring[1, j]
        turn[t] = turn_between(place[i, 2], ring[2, j])
        now[t] = alike[t]
    for t in range(count):
        agreements(there, turn, t, rho)
    for t in range(count):
        for k in range(t):
            rho[k, t] = rho[t, k]
        rho[t, t] = 0.0
    _relax(now, rho, count, after)
    seed = 0
    for t in range(count):
        seed = t if now[t] > now[seed] else seed
    rho[seed, seed] = 1.0
    for t in range(count):
        weight[t] = rho[seed, t] * now[t]


@njit(cache=True)
def _relax(now: np.ndarray, rho: np.ndarray, count: int, after: np.ndarray) -> None:
    """Each similarity drawn to the mean of the others, as they agree with it, several times.

    Sums run on to whole LANES, whatever stands there, for the processor to take whole steps.
    """
    whole = np.uint64(whole_lanes(count))
    for _ in range(p.RELAXATION_STEPS):
        after[:] = 0.0
        for t in range(count):
            kept = now[t]
            for k in range(whole):
                after[k] += rho[t, k] * kept
        for t in range(count):
            now[t] = p.RELAXATION_WEIGHT * now[t] + (1 - p.RELAXATION_WEIGHT) * after[t] / (count - 1)


@njit(cache=True)
def relaxed_score(alike: np.ndarray, count: int, smaller: int, room: AgreementRoom) -> float:
    """The mean, 0-1, of the similarities after relaxation of those pairs that kept most of theirs; how many pairs the
    smaller number of minutiae says (paper, equations 21 and 27).
    """
    grown = (p.SCORED_MOST - p.SCORED_LEAST) / (1 + exp(-p.SCORED_TAU * (smaller - p.SCORED_MU)))
    wanted = p.SCORED_LEAST + int(np.rint(grown))
    now, lost, order = room.now, room.lost, room.order
    for t in range(count):
        lost[t] = -(now[t] / alike[t])
    ascending(lost, count, order)
    total = 0.0
    for t in range(min(wanted, count)):
        total += now[order[t]]
    return total / wanted
