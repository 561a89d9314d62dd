"""Does quality know which images fail: error against discard (Grother & Tabassi, "Performance of biometric quality
measures", PAMI 29(4), 2007; ISO/IEC 29794-1).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.evaluation.pairs import PairScores

DISCARDED = tuple(step / 100 for step in range(0, 31, 2))
FMR = 1e-3


@dataclass(frozen=True, slots=True)
class DiscardPoint:
    """The FNMR among the images left when the worst share `discarded` is gone; None when no genuine pair is left."""

    discarded: float
    fnmr: float | None


def error_versus_discard(pairs: PairScores, quality: Sequence[int]) -> tuple[DiscardPoint, ...]:
    """The curve at the threshold that has FMR 1e-3 over the whole set.

    quality 0-100 an image, -1 where the extraction failed: those go first. Equal ones go in a fixed, arbitrary order.
    """
    threshold = pairs.rates.threshold_at(FMR)
    first, second = pairs.first[pairs.is_genuine], pairs.second[pairs.is_genuine]
    rejected = ~(pairs.scores[pairs.is_genuine] > threshold)
    rank = _rank(np.asarray(quality))
    worse = np.minimum(rank[first], rank[second])
    points = []
    for share in DISCARDED:
        left = worse >= round(share * len(rank))
        points.append(DiscardPoint(share, float(rejected[left].mean()) if left.any() else None))
    return tuple(points)


def _rank(quality: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for the worst image; ties by a fixed shuffle, so that no person is favoured by the order of names."""
    shuffle = np.random.default_rng(0).permutation(len(quality))
    rank = np.empty(len(quality), np.int64)
    rank[np.lexsort((shuffle, quality))] = np.arange(len(quality))
    return rank
