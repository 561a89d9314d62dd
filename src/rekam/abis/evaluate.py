"""Measures the engine on a folder of impressions: all pairs of a set (ISO/IEC 19795-1, technology evaluation)."""

from collections.abc import Iterable
from pathlib import Path

from rekam.abis.errors import UnknownModality
from rekam.abis.evaluation.extraction import extract_all
from rekam.abis.evaluation.extractor import Choice
from rekam.abis.evaluation.fused import SHUFFLES, ScenarioReport, measure_people
from rekam.abis.evaluation.measurement import Measurement, measure
from rekam.abis.evaluation.pairs import Progress
from rekam.abis.evaluation.report import Report, report_of
from rekam.abis.evaluation.sets import parts_of, sets_in
from rekam.abis.impressions import Fold, impressions_in, modality_seen, of_fold
from rekam.abis.slots import Modality

__all__ = ["Report", "evaluate_people", "measured", "report_of"]


def measured(
    folder: Path,
    modality: str | None,
    progress: Progress = lambda *_: None,
    *,
    choice: Choice = "best",
    fold: Fold | None = None,
    cache: Path | None = None,
    processes: int | None = None,
) -> Measurement:
    """Extracts every image of a folder and compares all pairs; `fold` keeps to people of odd or even numbers.

    Without a modality the names of the images tell it.

    Raises `UnknownModality`, `ImpressionSetMissing`, `ImpressionSetEmpty`, `FoldEmpty`.
    """
    if modality is not None and modality not in tuple(Modality):
        raise UnknownModality(modality=modality)
    impressions = impressions_in(folder)
    if fold is not None:
        impressions = of_fold(impressions, fold)
    return measure(
        folder.resolve().name,
        impressions,
        Modality(modality) if modality else modality_seen(impressions),
        choice,
        fold=fold,
        progress=progress,
        processes=processes,
        cache=cache,
    )


def evaluate_people(
    folders: Iterable[Path],
    progress: Progress = lambda *_: None,
    *,
    choice: Choice = "best",
    seed: int = 1,
    shuffles: int = SHUFFLES,
    cache: Path | None = None,
    processes: int | None = None,
) -> list[ScenarioReport]:
    """Virtual people out of finger and iris sets, searched among each other; see `virtual_people` and `fused`.

    Raises `ImpressionSetMissing`, `ImpressionSetEmpty`, `TooFewParts`.
    """
    extracted = [
        (
            images,
            extract_all(
                images.impressions, images.modality, choice, progress=progress, processes=processes, cache=cache
            ),
        )
        for images in sets_in(folders)
    ]
    return measure_people(parts_of(extracted), seed=seed, shuffles=shuffles, progress=progress)
