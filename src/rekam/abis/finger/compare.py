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
from rekam.abis.finger.alignment import inverse, moved, turn_of
from rekam.abis.finger.cylinders import TURNS, Prepared
from rekam.abis.finger.evidence import ground_of
from rekam.abis.finger.overlay import base_for, lay, overlaid, rooms_for
from rekam.abis.finger.similarity import similarities


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
    return float(compare_rows(a, b.bits, b.mask, b.place, np.array([0, len(b)]))[0])


def match(a: Prepared, b: Prepared) -> FingerMatch:
    """As `compare`, telling which minutiae met and how a lies on b."""
    first = a
    swapped = len(a) > 0 and len(b) > 0 and _swapped(a.bits, a.place, b.bits, b.place)
    if swapped:
        a, b = b, a
    if min(len(a), len(b)) < p.LEAST_MINUTIAE:
        return FingerMatch(0.0, [], 0.0, (0.0, 0.0))
    rooms, base = rooms_for(len(a), len(b)), base_for(len(b))
    lay(base, b.bits, b.mask, b.place)
    evidence, met, plane = overlaid(a.bits, a.mask, a.place, ground_of(a.place), base, ground_of(b.place), rooms)
    pairs = rooms.meeting.met[:met]
    found = [(int(a.minutia[i]), int(b.minutia[j]), _alike(a, int(i), base.words, int(j))) for i, j in pairs]
    if swapped:
        found = [(j, i, alike) for i, j, alike in found]
        plane = inverse(plane)
    x, y = first.place[:, 0].mean(), first.place[:, 1].mean()
    to_x, to_y = moved(plane, x, y)
    return FingerMatch(_score_of(evidence), found, turn_of(plane) * 360 / TURNS, (float(to_x - x), float(y - to_y)))


def _alike(a: Prepared, i: int, words: NDArray[np.uint64], j: int) -> float:
    result = np.empty(1, np.float32)
    similarities(a.bits, a.mask, i, words, j, result, np.empty(1, np.int32), 0, 1)
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
    bits, mask, place = (_read_only(array) for array in (bits, mask, place))
    return _score_many(probe.bits, probe.mask, probe.place, bits, mask, place, starts.astype(np.int64))


def _read_only(array: NDArray) -> NDArray:
    """As a `Prepared` is, so that one compiled comparison serves every caller."""
    view = array.view()
    view.setflags(write=False)
    return view


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
    scores, size, most = np.zeros(starts.size - 1), len(place), 0
    for i in range(scores.size):
        most = max(most, starts[i + 1] - starts[i])
    if min(size, most) < p.LEAST_MINUTIAE:
        return scores
    rooms, other, probe = rooms_for(min(size, most), max(size, most)), base_for(most), base_for(size)
    lay(probe, bits, mask, place)
    ground = ground_of(place)
    for i in range(scores.size):
        low, high = starts[i], starts[i + 1]
        if high - low < p.LEAST_MINUTIAE:
            continue
        its_bits, its_mask, its_place = all_bits[low:high], all_mask[low:high], all_place[low:high]
        its_ground = ground_of(its_place)
        if _swapped(bits, place, its_bits, its_place):
            evidence = overlaid(its_bits, its_mask, its_place, its_ground, probe, ground, rooms)[0]
        else:
            lay(other, its_bits, its_mask, its_place)
            evidence = overlaid(bits, mask, place, ground, other, its_ground, rooms)[0]
        scores[i] = _score_of(evidence)
    return scores


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
def _score_of(evidence: tuple[float, float]) -> float:
    if np.isnan(evidence[0]):
        return 0.0
    total = p.EVIDENCE_BIAS + p.EVIDENCE_WEIGHTS[0] * evidence[0] + p.EVIDENCE_WEIGHTS[1] * evidence[1]
    return 1.0 / (1.0 + exp(-total / p.SCORE_SPREAD))
