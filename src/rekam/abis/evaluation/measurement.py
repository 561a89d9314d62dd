"""One set measured: its images, what came of each, and the scores of all pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np

from rekam.abis.evaluation.extracted import Extraction
from rekam.abis.evaluation.extraction import extract_all
from rekam.abis.evaluation.extractor import Choice, extractor_of
from rekam.abis.evaluation.pairs import PairScores, Progress, one_core, score_pairs
from rekam.abis.impressions import Fold, Impression, of_fold
from rekam.abis.matchers import prepared
from rekam.abis.slots import Modality


@dataclass(frozen=True, slots=True)
class Measurement:
    """What every figure and curve is made of; qualities are 0-100, -1 where the extraction failed."""

    name: str
    modality: Modality
    extractor: str
    version: int
    fold: Fold | None
    impressions: tuple[Impression, ...]
    extractions: tuple[Extraction, ...]
    qualities: tuple[int, ...]
    pairs: PairScores

    def only(self, fold: Fold) -> Self:
        """The same of the people with odd or with even numbers. Raises `FoldEmpty`."""
        kept = set(of_fold(self.impressions, fold))
        keep = np.array([impression in kept for impression in self.impressions])
        rows = np.flatnonzero(keep)
        number = np.cumsum(keep, dtype=np.int32) - 1
        old = self.pairs
        both = keep[old.first] & keep[old.second]
        pairs = PairScores(
            old.scores[both],
            old.is_genuine[both],
            number[old.first[both]],
            number[old.second[both]],
            old.seconds,
            old.compared,
        )
        return replace(
            self,
            fold=fold,
            impressions=tuple(self.impressions[row] for row in rows),
            extractions=tuple(self.extractions[row] for row in rows),
            qualities=tuple(self.qualities[row] for row in rows),
            pairs=pairs,
        )


def measure(
    name: str,
    impressions: Sequence[Impression],
    modality: Modality,
    choice: Choice = "best",
    *,
    fold: Fold | None = None,
    progress: Progress = lambda *_: None,
    processes: int | None = None,
    cache: Path | None = None,
) -> Measurement:
    """Extracts every image (see `extract_all`) and compares all pairs on one core; `fold` is noted only."""
    extractions = extract_all(impressions, modality, choice, progress=progress, processes=processes, cache=cache)
    templates = [extraction.read(modality) for extraction in extractions]
    with one_core():
        features = [None if template is None else prepared(template) for template in templates]
        pairs = score_pairs(impressions, features, modality, progress)
    extractor = extractor_of(modality, choice)
    return Measurement(
        name=name,
        modality=modality,
        extractor=extractor.name,
        version=extractor.version,
        fold=fold,
        impressions=tuple(impressions),
        extractions=tuple(extractions),
        qualities=tuple(-1 if template is None else template.quality for template in templates),
        pairs=pairs,
    )
