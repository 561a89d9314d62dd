"""The comparison of two prints, and of one print with many."""

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rekam.abis.finger import parameters as p
from rekam.abis.finger.consensus import pairs_wanted, relaxed_score, turned
from rekam.abis.finger.cylinders import PLANE_WORDS, Prepared
from rekam.abis.popcount import popcount

LEVELS = 1024  # similarities are ranked by this many steps


def compare(a: Prepared, b: Prepared) -> float:
    """Likeness of two prints, 0 (nothing in common) to 1; the same for (a, b) and (b, a) up to ties.

    Turns up to 45 degrees and more are accepted, see DIRECTION_LIMIT in parameters.
    """
    return float(_score(a.bits, a.mask, a.place, b.bits, b.mask, b.place))


def compare_many(probe: Prepared, gallery: Sequence[Prepared]) -> NDArray[np.float64]:
    """The likeness of one print with each of many, float64 [len(gallery)], as `compare` gives it one by one."""
    if not gallery:
        return np.empty(0)
    starts = np.cumsum([0, *(len(each) for each in gallery)])
    bits, mask, place = (
        np.concatenate([getattr(each, name) for each in gallery]) for name in ("bits", "mask", "place")
    )
    return compare_rows(probe, bits, mask, place, starts)


def compare_rows(probe: Prepared, bits: NDArray, mask: NDArray, place: NDArray, starts: NDArray) -> NDArray[np.float64]:
    """As `compare_many` over a gallery laid end to end: print i has the rows starts[i]:starts[i + 1].

    bits uint64 [rows, 24], mask uint64 [rows, 4], place float32 [rows, 3], starts int64 [prints + 1].
    """
    return _score_many(probe.bits, probe.mask, probe.place, bits, mask, place, starts.astype(np.int64))


@njit(cache=True)
def _score_many(
    bits: np.ndarray,
    mask: np.ndarray,
    place: np.ndarray,
    all_bits: np.ndarray,
    all_mask: np.ndarray,
    all_place: np.ndarray,
    starts: np.ndarray,
) -> np.ndarray:
    scores = np.empty(starts.size - 1)
    for i in range(scores.size):
        low, high = starts[i], starts[i + 1]
        scores[i] = _score(bits, mask, place, all_bits[low:high], all_mask[low:high], all_place[low:high])
    return scores


@njit(cache=True)
def _score(
    bits_a: np.ndarray,
    mask_a: np.ndarray,
    place_a: np.ndarray,
    bits_b: np.ndarray,
    mask_b: np.ndarray,
    place_b: np.ndarray,
) -> float:
    smaller = min(len(bits_a), len(bits_b))
    if smaller < p.PAIRS_LEAST:
        return 0.0
    likeness = _likeness(bits_a, mask_a, place_a, bits_b, mask_b, place_b)
    pair_a, pair_b, value = _best_pairs(likeness, smaller)
    return relaxed_score(place_a, place_b, pair_a, pair_b, value, pairs_wanted(smaller))


@njit(cache=True)
def _likeness(
    bits_a: np.ndarray,
    mask_a: np.ndarray,
    place_a: np.ndarray,
    bits_b: np.ndarray,
    mask_b: np.ndarray,
    place_b: np.ndarray,
) -> np.ndarray:
    """Local similarity float32 [na, nb] of every two cylinders, 0 where they may not be matched (paper, 3.1)."""
    rows, columns = len(bits_a), len(bits_b)
    result = np.zeros((rows, columns), np.float32)
    least = p.LEAST_MATCHABLE_CELLS * np.pi * p.CYLINDER_CELLS**2 / 4
    for i in range(rows):
        for j in range(columns):
            if abs(turned(place_a[i, 2], place_b[j, 2])) > p.DIRECTION_LIMIT:
                continue
            common = 0
            for w in range(PLANE_WORDS):
                common += popcount(mask_a[i, w] & mask_b[j, w])
            if common < least:
                continue
            size_a, size_b, apart = 0, 0, 0
            for w in range(PLANE_WORDS):
                both = mask_a[i, w] & mask_b[j, w]
                for s in range(p.CYLINDER_SECTIONS):
                    a = bits_a[i, s * PLANE_WORDS + w] & both
                    b = bits_b[j, s * PLANE_WORDS + w] & both
                    size_a += popcount(a)
                    size_b += popcount(b)
                    apart += popcount(a ^ b)
            if size_a + size_b > 0:
                result[i, j] = 1.0 - np.sqrt(apart) / (np.sqrt(size_a) + np.sqrt(size_b))
    return result


@njit(cache=True)
def _ranked(likeness: np.ndarray) -> np.ndarray:
    """All pairs as row * columns + column, likeliest first to 1 / LEVELS, by counting."""
    ranks = LEVELS - (likeness * LEVELS).astype(np.int64).ravel()
    starts = np.zeros(LEVELS + 2, np.int64)
    for rank in ranks:
        starts[rank + 1] += 1
    starts = np.cumsum(starts)
    order = np.empty(ranks.size, np.int64)
    for pair in range(ranks.size):
        order[starts[ranks[pair]]] = pair
        starts[ranks[pair]] += 1
    return order


@njit(cache=True)
def _best_pairs(likeness: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At most `wanted` pairs, likeliest first, no cylinder in two of them: their rows, columns and likeness."""
    rows, columns = likeness.shape
    free_a, free_b = np.ones(rows, np.bool_), np.ones(columns, np.bool_)
    pair_a, pair_b, value = np.empty(wanted, np.int64), np.empty(wanted, np.int64), np.empty(wanted)
    count = 0
    for pair in _ranked(likeness):
        i, j = pair // columns, pair % columns
        if count == wanted or likeness[i, j] <= 0:
            break
        if free_a[i] and free_b[j]:
            free_a[i] = free_b[j] = False
            pair_a[count], pair_b[count], value[count] = i, j, likeness[i, j]
            count += 1
    return pair_a[:count], pair_b[:count], value[:count]
