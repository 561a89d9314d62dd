"""What a score of one slot says for one person against two, as fitted to real pairs and kept in `curves.json`.

The file has one curve for each kind of template ("finger/rekam-classical", "finger/leader", "iris") and is written by
`python bench/abis_calibration.py FOLDER... --write`, never by hand. How it is fitted: `calibration`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import CurveMissing
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.iris.template import IrisTemplate

FILE = Path(__file__).with_name("curves.json")
IRIS = "iris"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Level:
    """The curve at one quality of the worse of two templates; all arrays over the same K similarities, ascending.

    similarities: finger similarity, or iris distance negated. llrs: natural logarithms of likelihood ratios, flat
    beyond the ends. strangers: share of impostor pairs above each similarity; own: share of genuine pairs below it;
    both float64 [3, K]: as fitted, and the ends of the 95 % interval (fewest, most). share: of genuine and impostor
    pairs that fall to this level.
    """

    quality: float
    similarities: Floats
    llrs: Floats
    strangers: Floats
    own: Floats
    share: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """`levels` by ascending quality; `fitted` says from which sets, when, with which tails (see the file)."""

    kind: str
    levels: tuple[Level, ...]
    fitted: dict[str, Any]

    def llrs(self, scores: Floats, qualities: Floats) -> Floats:
        """Log-likelihood ratios of scores, same shape; NaN where the score is (nothing was compared).

        `qualities`: of the worse of the two templates. Between two levels the ratio is interpolated, beyond them flat.
        """
        similarities = -scores if self.kind == IRIS else scores
        centres = [level.quality for level in self.levels]
        place = np.interp(qualities, centres, np.arange(len(centres)))
        ratios = np.zeros(np.shape(scores))
        for number, level in enumerate(self.levels):
            share = np.maximum(1.0 - np.abs(place - number), 0.0)
            ratios += share * np.interp(similarities, level.similarities, level.llrs)
        return np.where(np.isnan(scores), np.nan, ratios)

    @property
    def most(self) -> float:
        """The highest ratio that one slot can give."""
        return max(float(level.llrs[-1]) for level in self.levels)

    def to_map(self) -> dict[str, Any]:
        """For the file, rounded to what matters."""
        return {
            "fitted": self.fitted,
            "levels": [
                {
                    "quality": round(level.quality, 1),
                    "share": [round(part, 4) for part in level.share],
                    "similarities": [round(float(one), 6) for one in level.similarities],
                    "llrs": [round(float(one), 3) for one in level.llrs],
                    "strangers": [[float(f"{one:.4g}") for one in row] for row in level.strangers],
                    "own": [[round(float(one), 5) for one in row] for row in level.own],
                }
                for level in self.levels
            ],
        }

    @classmethod
    def from_map(cls, kind: str, content: dict[str, Any]) -> Self:
        """Reads what `to_map` wrote."""
        levels = [
            Level(
                each["quality"],
                np.array(each["similarities"]),
                np.array(each["llrs"]),
                np.array(each["strangers"]),
                np.array(each["own"]),
                share=(each["share"][0], each["share"][1]),
            )
            for each in content["levels"]
        ]
        return cls(kind, tuple(levels), content["fitted"])


def kind_of(template: FingerTemplate | IrisTemplate) -> str:
    """Which curve a template's scores belong to: its modality and, for fingers, its extractor."""
    return IRIS if isinstance(template, IrisTemplate) else f"finger/{template.extractor}"


def curve_of(kind: str) -> Curve:
    """The fitted curve. Raises `CurveMissing`."""
    curves = read_curves()
    if kind not in curves:
        raise CurveMissing(kind=kind, held=", ".join(curves))
    return curves[kind]


@cache
def read_curves(file: Path = FILE) -> dict[str, Curve]:
    """Every curve of the file, read once."""
    return {kind: Curve.from_map(kind, content) for kind, content in json.loads(file.read_text()).items()}
