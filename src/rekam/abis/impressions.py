"""A folder of impressions for measuring: `<source>_<impression>.png`; what stands before the last `_` is the source."""

from dataclasses import dataclass
from pathlib import Path

from rekam.abis.errors import ImpressionSetEmpty, ImpressionSetMissing

SUFFIXES = frozenset({".png", ".bmp", ".tif", ".tiff", ".jpg", ".jpeg"})


@dataclass(frozen=True, slots=True, order=True)
class Impression:
    """One image file of one finger or eye."""

    source: str
    number: str
    path: Path


def impressions_in(folder: Path) -> tuple[Impression, ...]:
    """Every impression in a folder, ordered by source and number. Files of other kinds and names are passed over.

    Raises `ImpressionSetMissing`; `ImpressionSetEmpty` unless there are both genuine and impostor pairs to compare.
    """
    if not folder.is_dir():
        raise ImpressionSetMissing(folder=folder)
    found = []
    for path in folder.iterdir():
        source, mark, number = path.stem.rpartition("_")
        if mark and source and number and path.suffix.lower() in SUFFIXES:
            found.append(Impression(source, number, path))
    sources = {impression.source for impression in found}
    if not 1 < len(sources) < len(found):
        raise ImpressionSetEmpty(folder=folder, found=len(found))
    return tuple(sorted(found))
