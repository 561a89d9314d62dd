"""Several sets at once: folders of images, or folders of such folders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rekam.abis.errors import ImpressionSetEmpty
from rekam.abis.evaluation.extracted import Extraction
from rekam.abis.evaluation.virtual_people import Impressions, Parts
from rekam.abis.impressions import Impression, impressions_in, modality_seen
from rekam.abis.slots import Modality


@dataclass(frozen=True, slots=True)
class ImageSet:
    """One folder of impressions; an iris set is known by its names, which end with L or R before the `_`."""

    name: str
    modality: Modality
    impressions: tuple[Impression, ...]


def sets_in(folders: Iterable[Path]) -> list[ImageSet]:
    """Each folder that holds impressions, or else those of its subfolders that do (two levels down), by name.

    Raises `ImpressionSetMissing`, `ImpressionSetEmpty` for a folder without any.
    """
    found = []
    for folder in folders:
        here = list(_sets(folder, 2))
        if not here:
            impressions_in(folder)  # tells what is wrong with it
        found += here
    return found


def _sets(folder: Path, depth: int) -> Iterable[ImageSet]:
    try:
        impressions = impressions_in(folder)
    except ImpressionSetEmpty:
        for below in sorted(folder.iterdir()) if depth else ():
            if below.is_dir():
                yield from _sets(below, depth - 1)
    else:
        yield ImageSet(folder.resolve().name, modality_seen(impressions), impressions)


def parts_of(extracted: Sequence[tuple[ImageSet, Sequence[Extraction]]]) -> Parts:
    """All fingers of the finger sets, and the eyes of everybody of whom the iris sets have both, twice or more."""
    fingers: dict[str, Impressions] = {}
    eyes: dict[str, dict[str, Impressions]] = {}
    for images, extractions in extracted:
        for source, impressions in _by_source(images, extractions).items():
            if len(impressions) < 2:
                continue
            if images.modality is Modality.FINGER:
                fingers[f"{images.name} {source}"] = impressions
            else:
                eyes.setdefault(f"{images.name} {source[:-1]}", {})[source[-1]] = impressions
    both = {owner: (of["R"], of["L"]) for owner, of in eyes.items() if len(of) == 2}
    return Parts(fingers, both)


def _by_source(images: ImageSet, extractions: Sequence[Extraction]) -> Mapping[str, Impressions]:
    found: dict[str, list] = {}
    for impression, extraction in zip(images.impressions, extractions, strict=True):
        found.setdefault(impression.source, []).append(extraction.read(images.modality))
    return found
