"""Everything the report page shows, measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rekam.abis.errors import FoldEmpty, LeaderNotReady, TooFewParts
from rekam.abis.evaluation.extracted import Extraction
from rekam.abis.evaluation.extractor import Choice, extractor_of
from rekam.abis.evaluation.fused import ScenarioReport, measure_people
from rekam.abis.evaluation.known import provenance_of
from rekam.abis.evaluation.measurement import Measurement, measure
from rekam.abis.evaluation.pairs import Progress
from rekam.abis.evaluation.report import Report, report_of
from rekam.abis.evaluation.sets import ImageSet, parts_of, sets_in
from rekam.abis.impressions import Fold, of_fold
from rekam.abis.slots import Modality


@dataclass(frozen=True, slots=True)
class SetResult:
    """One set under one extractor; of irises also each half of the people, in `halves`."""

    measured: Measurement
    report: Report
    halves: dict[Fold, Report]


@dataclass(frozen=True, slots=True)
class Results:
    """`people` are made of nothing that was tuned on, where there is enough of that."""

    sets: tuple[SetResult, ...]
    people: tuple[ScenarioReport, ...]
    people_of: tuple[str, ...]
    seed: int

    def of(self, modality: Modality, extractor: str | None = None) -> list[SetResult]:
        """The sets of a modality, in the order given; under one extractor if told."""
        return [
            each
            for each in self.sets
            if each.report.modality == modality and extractor in {None, each.report.extractor}
        ]

    @property
    def finger_extractors(self) -> list[str]:
        """Best first."""
        return list(dict.fromkeys(each.report.extractor for each in self.of(Modality.FINGER)))

    def to_map(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "sets": [
                each.report.to_map() | {"halves": {fold: half.to_map() for fold, half in each.halves.items()}}
                for each in self.sets
            ],
            "people": [each.to_map() for each in self.people],
            "people_of": self.people_of,
            "seed": self.seed,
        }


def gather(
    folders: Iterable[Path],
    *,
    cache: Path | None,
    progress: Progress = lambda *_: None,
    processes: int | None = None,
    shuffles: int = 5,
    seed: int = 1,
) -> Results:
    """Measures every set under every extractor there is, and people put together from the sets not tuned on.

    Raises `ImpressionSetMissing`, `ImpressionSetEmpty`.
    """
    sets = sets_in(folders)
    results = []
    extracted: list[tuple[ImageSet, Sequence[Extraction]]] = []
    for images in sets:
        for place, choice in enumerate(_choices(images.modality)):
            measured = measure(
                images.name,
                images.impressions,
                images.modality,
                choice,
                cache=cache,
                processes=processes,
                progress=lambda step, done, total, name=images.name: progress(f"{name}: {step}", done, total),
            )
            results.append(SetResult(measured, report_of(measured), _halves(measured)))
            if place == 0:
                extracted.append((images, measured.extractions))
    untuned = [each for each in map(_untuned, extracted) if each is not None]
    people, of = [], [f"{images.name}" for images, _ in untuned]
    try:
        people = measure_people(parts_of(untuned), seed=seed, shuffles=shuffles, progress=progress)
    except TooFewParts:
        of = []
    return Results(tuple(results), tuple(people), tuple(of), seed)


def _choices(modality: Modality) -> list[Choice]:
    if modality is Modality.IRIS:
        return ["best"]
    try:
        extractor_of(modality, "leader")
    except LeaderNotReady:
        return ["classical"]
    return ["leader", "classical"]


def _halves(measured: Measurement) -> dict[Fold, Report]:
    if measured.modality is not Modality.IRIS:
        return {}
    try:
        return {fold: report_of(measured.only(fold)) for fold in Fold}
    except FoldEmpty:
        return {}


def _untuned(
    given: tuple[ImageSet, Sequence[Extraction]],
) -> tuple[ImageSet, Sequence[Extraction]] | None:
    """What of a set nothing was tuned on: all, the people with even numbers, or nothing."""
    images, extractions = given
    origin = provenance_of(images.name)
    if origin.tuned:
        return None
    if not origin.odd_tuned:
        return given
    kept = set(of_fold(images.impressions, Fold.EVEN))
    pairs = [each for each in zip(images.impressions, extractions, strict=True) if each[0] in kept]
    return (
        ImageSet(f"{images.name} (even numbers)", images.modality, tuple(one for one, _ in pairs)),
        [extraction for _, extraction in pairs],
    )
