"""A folder of impressions for measuring: `<source>_<impression>.png`; what stands before the last `_` is the source."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rekam.abis.errors import FoldEmpty, ImpressionSetEmpty, ImpressionSetMissing
from rekam.abis.slots import Modality

SUFFIXES = frozenset({".png", ".bmp", ".tif", ".tiff", ".jpg", ".jpeg", ".jp2", ".j2k", ".wsq"})
_EYE = re.compile(r"(.+)[LR]")


class Fold(StrEnum):
    """One half of a set's people: constants are tuned on the one and reported on the other."""

    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True, order=True)
class Impression:
    """One image file of one finger or eye."""

    source: str
    number: str
    path: Path

    @property
    def person(self) -> str:
        """Whose eye it is: `001L` and `001R` are two eyes of 001. A source that ends otherwise is its own person:
        the finger sets do not tell which fingers belong together.
        """
        eye = _EYE.fullmatch(self.source)
        return eye[1] if eye else self.source


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


def of_fold(impressions: Iterable[Impression], fold: Fold) -> tuple[Impression, ...]:
    """The impressions of people with odd or with even numbers; a person without a number counts by alphabet.

    Raises `FoldEmpty` unless two people or more, and genuine pairs, are left.
    """
    given = tuple(impressions)
    people = sorted({impression.person for impression in given})
    numbers = {person: int(re.sub(r"\D", "", person) or place + 1) for place, person in enumerate(people)}
    chosen = tuple(each for each in given if numbers[each.person] % 2 == (fold is Fold.ODD))
    if not 1 < len({each.source for each in chosen}) < len(chosen):
        raise FoldEmpty(fold=fold)
    return chosen


def modality_seen(impressions: Iterable[Impression]) -> Modality:
    """What a set's names tell: every source of an iris set ends with L or R."""
    eyes = all(_EYE.fullmatch(impression.source) for impression in impressions)
    return Modality.IRIS if eyes else Modality.FINGER
