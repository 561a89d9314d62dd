"""All pairs of a set, scored on one core."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import thread_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rekam.abis.error_rates import ErrorRates
from rekam.abis.impressions import Impression
from rekam.abis.matchers import matcher_of
from rekam.abis.slots import Modality

Progress = Callable[[str, int, int], None]
"""Told the step ("extract" or "compare"), how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class PairScores:
    """Similarities of all pairs of a set, in the order of `impressions_in`; -inf where an extraction failed.

    scores, is_genuine, first and second have one entry a pair (0, 1), (0, 2) .. (1, 2) ..; first and second number
    the images. seconds is the core's time that `compared` comparisons took.
    """

    scores: NDArray[np.float64]
    is_genuine: NDArray[np.bool_]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    seconds: float
    compared: int

    @property
    def rates(self) -> ErrorRates:
        """Of all pairs."""
        return ErrorRates(self.scores[self.is_genuine], self.scores[~self.is_genuine])


def score_pairs(
    impressions: Sequence[Impression],
    features: Sequence[Any],
    modality: Modality,
    progress: Progress = lambda *_: None,
) -> PairScores:
    """Every image against every later one; `features` has None where an extraction failed."""
    sources = np.array([impression.source for impression in impressions])
    usable = np.array([each is not None for each in features])
    rows = np.flatnonzero(usable)
    matcher = matcher_of(modality, [features[row] for row in rows]) if rows.size else None
    if matcher is not None:
        matcher(0, 0)  # compiles the kernels outside the measured time
    place = np.cumsum(usable)
    first, second = np.triu_indices(len(impressions), 1)
    scores = np.full(len(first), -np.inf)
    seconds, compared, start = 0.0, 0, 0
    for i in range(len(impressions) - 1):
        progress("compare", i, len(impressions) - 1)
        later = usable[i + 1 :]
        if matcher is not None and usable[i] and later.any():
            began = thread_time()
            found = matcher(int(place[i]) - 1, int(place[i]))
            seconds, compared = seconds + thread_time() - began, compared + int(later.sum())
            scores[start : start + len(later)][later] = found
        start += len(later)
    progress("compare", len(impressions) - 1, len(impressions) - 1)
    is_genuine = sources[first] == sources[second]
    return PairScores(scores, is_genuine, first.astype(np.int32), second.astype(np.int32), seconds, compared)


@contextmanager
def one_core() -> Iterator[None]:
    """Keeps this process's current thread, and what it starts, on one core where the system allows it (Linux)."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
