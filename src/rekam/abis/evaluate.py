"""Measures the engine on a folder of impressions: all pairs of a set (ISO/IEC 19795-1, technology evaluation)."""

from pathlib import Path

from rekam.abis.errors import UnknownModality
from rekam.abis.evaluation.extractor import Choice
from rekam.abis.evaluation.measurement import Measurement, measure
from rekam.abis.evaluation.pairs import Progress
from rekam.abis.evaluation.report import Report, report_of
from rekam.abis.impressions import Fold, impressions_in, of_fold
from rekam.abis.slots import Modality

__all__ = ["Report", "evaluate", "measured", "report_of"]


def measured(
    folder: Path,
    modality: str,
    progress: Progress = lambda *_: None,
    *,
    choice: Choice = "best",
    fold: Fold | None = None,
    cache: Path | None = None,
    processes: int | None = None,
) -> Measurement:
    """Extracts every image of a folder and compares all pairs; `fold` keeps to people of odd or even numbers.

    Raises `UnknownModality`, `ImpressionSetMissing`, `ImpressionSetEmpty`, `FoldEmpty`, `EvaluationBroke`.
    """
    if modality not in tuple(Modality):
        raise UnknownModality(modality=modality)
    impressions = impressions_in(folder)
    if fold is not None:
        impressions = of_fold(impressions, fold)
    return measure(
        folder.resolve().name,
        impressions,
        Modality(modality),
        choice,
        fold=fold,
        progress=progress,
        processes=processes,
        cache=cache,
    )


def evaluate(
    folder: Path,
    modality: str,
    progress: Progress = lambda *_: None,
    *,
    choice: Choice = "best",
    fold: Fold | None = None,
    cache: Path | None = None,
    processes: int | None = None,
) -> Report:
    """The figures of `measured`; raises the same."""
    return report_of(measured(folder, modality, progress, choice=choice, fold=fold, cache=cache, processes=processes))
