"""Measures the engine on a folder of impressions: all pairs, on one core (ISO/IEC 19795-1, technology evaluation)."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rekam.abis.error_rates import ErrorRates
from rekam.abis.errors import AbisError, UnknownModality
from rekam.abis.image import load_image
from rekam.abis.impressions import Impression, impressions_in
from rekam.abis.matchers import features_of, matcher_of
from rekam.abis.slots import Modality

Progress = Callable[[str, int, int], None]
"""Told the step ("extract" or "compare"), how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Report:
    """What `evaluate` measured. Rates are fractions 0-1; a failed extraction counts as a non-match in every pair."""

    set: str
    modality: str
    images: int
    failed: int
    genuine: int
    impostor: int
    eer: float
    fnmr_at_fmr_1e_2: float
    fnmr_at_fmr_1e_3: float
    extract_ms: float
    comparisons_per_second: float

    def to_map(self) -> dict[str, Any]:
        """The fields for JSON, exponents spelt `1e-2`."""
        return {name.replace("1e_", "1e-"): value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class PairScores:
    """Similarities of all pairs of a set, in the order of `impressions_in`; -inf where an extraction failed.

    scores and is_genuine have one entry a pair (0, 1), (0, 2) .. (1, 2) ..; seconds is what comparing took.
    """

    scores: NDArray[np.float64]
    is_genuine: NDArray[np.bool_]
    seconds: float
    compared: int


def evaluate(folder: Path, modality: str, progress: Progress = lambda *_: None) -> Report:
    """Extracts every image of a folder and compares all pairs.

    Raises `UnknownModality`, `ImpressionSetMissing`, `ImpressionSetEmpty`.
    """
    if modality not in tuple(Modality):
        raise UnknownModality(modality=modality)
    impressions = impressions_in(folder)
    with one_core():
        extracted, milliseconds = extract_all(impressions, Modality(modality), progress)
        pairs = score_pairs(impressions, extracted, Modality(modality), progress)
    rates = ErrorRates(pairs.scores[pairs.is_genuine], pairs.scores[~pairs.is_genuine])
    return Report(
        set=folder.resolve().name,
        modality=modality,
        images=len(impressions),
        failed=sum(features is None for features in extracted),
        genuine=len(rates.genuine),
        impostor=len(rates.impostor),
        eer=rates.eer(),
        fnmr_at_fmr_1e_2=rates.fnmr_at(1e-2),
        fnmr_at_fmr_1e_3=rates.fnmr_at(1e-3),
        extract_ms=milliseconds,
        comparisons_per_second=pairs.compared / pairs.seconds if pairs.seconds else 0.0,
    )


def extract_all(
    impressions: Sequence[Impression], modality: Modality, progress: Progress = lambda *_: None
) -> tuple[list[Any], float]:
    """Features of each image, None where none were found, and the mean milliseconds an image took."""
    extract = features_of(modality)
    features: list[Any] = []
    spent, timed = 0.0, 0
    for done, impression in enumerate(impressions):
        progress("extract", done, len(impressions))
        started = perf_counter()
        try:
            features.append(extract(load_image(impression.path.read_bytes())))
        except AbisError:
            features.append(None)
        # the first image pays for compiling the kernels
        if done:
            spent, timed = spent + perf_counter() - started, timed + 1
    progress("extract", len(impressions), len(impressions))
    return features, 1000 * spent / timed


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
    scores, genuine = [], []
    seconds, compared = 0.0, 0
    for i in range(len(impressions) - 1):
        progress("compare", i, len(impressions) - 1)
        of_row = np.full(len(impressions) - i - 1, -np.inf)
        later = usable[i + 1 :]
        if matcher is not None and usable[i] and later.any():
            started = perf_counter()
            of_row[later] = matcher(int(place[i]) - 1, int(place[i]))
            seconds, compared = seconds + perf_counter() - started, compared + int(later.sum())
        scores.append(of_row)
        genuine.append(sources[i + 1 :] == sources[i])
    progress("compare", len(impressions) - 1, len(impressions) - 1)
    return PairScores(np.concatenate(scores), np.concatenate(genuine), seconds, compared)


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
