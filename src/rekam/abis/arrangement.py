"""Samples that lie in other slots than their labels say: swapped eyes, swapped hands, fingers in another order.

Every finger of one record is compared with every one of the other, and the best assignment is sought (Kuhn 1955). An
arrangement other than the labelled one must pay for the many chances that there are to look alike by accident: its
likelihood ratio is multiplied by its share among recordings (see `thresholds`), so that the mean ratio of strangers
stays at most 1 + the shares' sum and the bars of `verdict` keep their meaning.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rekam.abis import thresholds
from rekam.abis.fusion import fuse_fingers, fuse_irises
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS

Floats = NDArray[np.float64]

HANDS_SWAPPED = tuple((number + 5) % 10 for number in range(10))
"""Finger number (from 0) of one record -> of the other."""
AS_LABELLED = tuple(range(10))
STAYING = math.log(10.0)
"""What a finger that stays in its slot is favoured by while assignments are sought; the price proper comes after."""


class Misplacement(StrEnum):
    """What is not as labelled."""

    EYES_SWAPPED = "eyes swapped"
    HANDS_SWAPPED = "hands swapped"
    FINGERS_REORDERED = "fingers reordered"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which slots of one record show what other slots of the other record show; empty where all is as labelled."""

    kinds: tuple[Misplacement, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return ", ".join(self.kinds) or "as labelled"

    def __add__(self, other: "Arrangement") -> "Arrangement":
        return Arrangement(self.kinds + other.kinds, {**self.moved, **other.moved})


def arranged_eyes(straight: Floats, crossed: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The ratio of both eyes, float64 [n], and where they are swapped.

    straight: ratios [2, n] of right with right and left with left, NaN where not compared; crossed: of one record's
    right with the other's left, and the reverse.
    """
    rows = straight.shape[1]
    as_labelled = fuse_irises(list(straight), rows)
    swapped = fuse_irises(list(crossed), rows) + math.log(thresholds.EYES_SWAPPED)
    better = (swapped > as_labelled) & ~np.isnan(crossed).all(axis=0)
    return np.where(better, swapped, as_labelled), better


def eyes_swapped(present_a: Mapping[str, object], present_b: Mapping[str, object]) -> Arrangement:
    """The arrangement to report of two records whose eyes are swapped."""
    crossed = zip(IRIS_SLOTS, IRIS_SLOTS[::-1], strict=True)
    return Arrangement((Misplacement.EYES_SWAPPED,), {a: b for a, b in crossed if a in present_a and b in present_b})


def arranged_fingers(ratios: Floats) -> tuple[float, Arrangement]:
    """The ratio of all fingers in their likeliest arrangement, and that arrangement.

    ratios: float64 [10, 10], one record's finger i + 1 with the other's finger j + 1, NaN where not compared.
    """
    best, order = _fused(ratios, AS_LABELLED), AS_LABELLED
    if np.isnan(ratios).all():
        return best, Arrangement()
    for other, kind_share in _alternatives(ratios):
        fused = _fused(ratios, other) + kind_share
        if fused > best:
            best, order = fused, other
    return best, _named(order, ratios)


def _alternatives(ratios: Floats) -> Iterator[tuple[tuple[int, ...], float]]:
    """Orders worth a look with the logarithm of each one's share."""
    yield HANDS_SWAPPED, math.log(thresholds.HANDS_SWAPPED)
    gain = np.where(np.isnan(ratios), 0.0, np.maximum(ratios, 0.0))
    gain[np.diag_indices(10)] += np.where(np.diagonal(gain) > 0, STAYING, 0.0)
    from rekam.abis.assignment import best_assignment  # compiled; who only names an arrangement loads none (ADR 0046)

    columns = best_assignment(gain)
    # only fingers that agree have moved; the others stay where they are labelled, or nowhere
    moves = {i: int(j) for i, j in enumerate(columns) if i != j and gain[i, j] > 0}
    order = tuple(moves.get(i, -1 if i in moves.values() else i) for i in range(10))
    if moves and order != HANDS_SWAPPED:
        yield order, math.log(thresholds.FINGERS_REORDERED / (2 * 10 * _orders(moves)))


def _orders(moves: Mapping[int, int]) -> int:
    """How many arrangements there are like this one, out of two sorts for each number of displaced fingers: fingers
    that took each other's places (derangements), or others with a finger in a slot that its owner left empty.
    """
    moved = len(moves)
    if set(moves) == set(moves.values()):
        return math.comb(10, moved) * round(math.factorial(moved) / math.e)
    return math.comb(10, moved) * math.perm(9, min(moved, 9))


def _fused(ratios: Floats, order: tuple[int, ...]) -> float:
    chosen = {FINGER_SLOTS[i]: ratios[i, [j]] for i, j in enumerate(order) if j >= 0 and not np.isnan(ratios[i, j])}
    return float(fuse_fingers(chosen, 1)[0])


def _named(order: tuple[int, ...], ratios: Floats) -> Arrangement:
    moved = {
        FINGER_SLOTS[i]: FINGER_SLOTS[j] for i, j in enumerate(order) if j not in (i, -1) and not np.isnan(ratios[i, j])
    }
    if not moved:
        return Arrangement()
    kind = Misplacement.HANDS_SWAPPED if order == HANDS_SWAPPED else Misplacement.FINGERS_REORDERED
    return Arrangement((kind,), moved)
