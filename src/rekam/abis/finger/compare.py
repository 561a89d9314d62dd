"""The comparison of two prints, and of one print with many.

Minutiae with alike neighbourhoods are paired; pairs that lie alike to one another in both prints give a map of one
print onto the other; the minutiae that meet under it, of all that could have, are the evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.alignment import meeting, moved, rigid, stretched, turn_of
from rekam.abis.finger.consensus import relaxed, relaxed_score
from rekam.abis.finger.cylinders import TURNS, Prepared
from rekam.abis.finger.evidence import FIGURES, figures
from rekam.abis.finger.similarity import candidates, ring_of, similarities, words_of


@dataclass(frozen=True, slots=True)
class FingerMatch:
    """One comparison, explained.

    score: as `compare` gives it. pairs: the minutiae that meet, index in a's template, index in b's, local similarity
    0-1, nearest first. turn: degrees, counter-clockwise, and shift: pixels at 500 dpi to the right and downwards, that
    bring the middle of a's minutiae onto b.
    """

    score: float
    pairs: list[tuple[int, int, float]]
    turn: float
    shift: tuple[float, float]


def compare(a: Prepared, b: Prepared) -> float:
    """Likeness of two prints, 0 (nothing in common) to 1; exactly the same for (a, b) and (b, a).

    Turns up to 60 degrees are accepted, see TURN_LIMIT in comparison_parameters.
    """
    return float(_score(a.bits, a.mask, a.place, b.bits, b.mask, b.place))


def match(a: Prepared, b: Prepared) -> FingerMatch:
    """As `compare`, telling which minutiae met and how a lies on b."""
    swapped = len(a) > 0 and len(b) > 0 and _swapped(a.bits, a.place, b.bits, b.place)
    if swapped:
        a, b = b, a
    if min(len(a), len(b)) < p.LEAST_MINUTIAE:
        return FingerMatch(0.0, [], 0.0, (0.0, 0.0))
    evidence, pairs, plane = _overlaid(a.bits, a.mask, a.place, b.bits, b.mask, b.place)
    found = [(int(a.minutia[i]), int(b.minutia[j]), _alike(a, int(i), b, int(j))) for i, j in pairs]
    turn, middle = turn_of(plane) * 360 / TURNS, a.place.mean(axis=0)
    shift = moved(plane, middle[None])[0] - middle[:2]
    if swapped:
        found = [(second, first, alike) for first, second, alike in found]
        turn, shift = -turn, -shift
    return FingerMatch(_score_of(evidence), found, turn, (float(shift[0]), float(-shift[1])))


def _alike(a: Prepared, i: int, b: Prepared, j: int) -> float:
    result = np.empty(1, np.float32)
    similarities(a.bits, a.mask, i, words_of(b.bits[j : j + 1], b.mask[j : j + 1]), 0, result, np.empty(1, np.int32))
    return float(result[0])


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

    bits uint64 [rows, 6], mask uint64 [rows, 1], place float32 [rows, 3], starts int64 [prints + 1].
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
    if min(len(bits_a), len(bits_b)) < p.LEAST_MINUTIAE:
        return 0.0
    if _swapped(bits_a, place_a, bits_b, place_b):
        return _score_of(_overlaid(bits_b, mask_b, place_b, bits_a, mask_a, place_a)[0])
    return _score_of(_overlaid(bits_a, mask_a, place_a, bits_b, mask_b, place_b)[0])


@njit(cache=True)
def _swapped(bits_a: np.ndarray, place_a: np.ndarray, bits_b: np.ndarray, place_b: np.ndarray) -> bool:
    """Whether two prints are overlaid the other way round, so that the score does not depend on who is the probe."""
    if len(place_a) != len(place_b):
        return len(place_a) > len(place_b)
    for i in range(len(place_a)):
        for k in range(place_a.shape[1]):
            if place_a[i, k] != place_b[i, k]:
                return place_a[i, k] > place_b[i, k]
        for k in range(bits_a.shape[1]):
            if bits_a[i, k] != bits_b[i, k]:
                return bits_a[i, k] > bits_b[i, k]
    return False


@njit(cache=True)
def _overlaid(
    bits_a: np.ndarray,
    mask_a: np.ndarray,
    place_a: np.ndarray,
    bits_b: np.ndarray,
    mask_b: np.ndarray,
    place_b: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The evidence float64 [FIGURES], NaN where no two minutiae may be paired; the pairs that meet, int64 [k, 2]; and
    the map of a onto b, float64 [6].
    """
    ring_b = ring_of(place_b)
    pairs, alike = candidates(bits_a, mask_a, place_a, bits_b, mask_b, ring_b)
    if len(pairs) < p.LEAST_PAIRS:
        return np.full(FIGURES, np.nan), pairs[:0], np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    now, agreeing = relaxed(place_a, place_b, pairs, alike)
    plane = rigid(place_a, place_b, pairs, agreeing * now)
    met = meeting(place_a, ring_b, plane, p.ROUGH_REACH)
    if len(met) >= p.LEAST_PAIRS:
        plane = rigid(place_a, place_b, met, np.ones(len(met)))
        plane = stretched(place_a, place_b, met, plane)
        met = meeting(place_a, ring_b, plane, p.FINE_REACH)
    score = relaxed_score(now, alike, min(len(bits_a), len(bits_b)))
    return figures(place_a, place_b, met, plane, score), met, plane


@njit(cache=True)
def _score_of(evidence: np.ndarray) -> float:
    if np.isnan(evidence[0]):
        return 0.0
    total = p.EVIDENCE_BIAS
    for k in range(FIGURES):
        total += p.EVIDENCE_WEIGHTS[k] * evidence[k]
    return 1.0 / (1.0 + exp(-total / p.SCORE_SPREAD))
