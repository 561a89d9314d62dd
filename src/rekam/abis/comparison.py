"""Two records compared, every finger with every finger and every eye with every eye."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from rekam.abis.arrangement import Arrangement, arranged_eyes, arranged_fingers, eyes_swapped
from rekam.abis.curves import curve_of, kind_of
from rekam.abis.finger.compare import compare as compare_fingers
from rekam.abis.finger.cylinders import Prepared, prepare
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.fusion import Floats, missing_slots
from rekam.abis.iris.compare import compare as compare_irises
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.kinds import all_of
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS
from rekam.abis.template_set import Template, TemplateSet
from rekam.abis.verdict import Verdict, verdict_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two template sets compared.

    `llr` is the natural logarithm of P(scores | one person) / P(scores | two people). Of each slot that both have,
    `scores` holds the score (finger similarity 0-1, iris distance 0-1) and `ratios` what it says by itself, as `llr`;
    `missing` names each slot that only one side has. `arrangement` tells slots of the first side that show what other
    slots of the second show; `llr` is that of the likeliest arrangement.
    """

    llr: float
    scores: Mapping[str, float]
    ratios: Mapping[str, float]
    missing: tuple[str, ...]
    verdict: Verdict
    arrangement: Arrangement


def compare_sets(a: TemplateSet, b: TemplateSet) -> Comparison:
    """See `Comparison`; the verdict is that of a 1:1 comparison. Where they share no slot, `scores` is empty.

    Raises `TemplatesOfDifferentExtractors`, `CurveMissing`.
    """
    all_of([a, b])
    fingers, finger_ratios = _crosswise(a, b, FINGER_SLOTS)
    irises, iris_ratios = _crosswise(a, b, IRIS_SLOTS)
    finger_llr, arrangement = arranged_fingers(finger_ratios)
    straight, crossed = np.diagonal(iris_ratios)[:, None], np.diagonal(iris_ratios[:, ::-1])[:, None]
    eye_llr, swapped = arranged_eyes(straight, crossed)
    if swapped[0]:
        arrangement = eyes_swapped(a, b) + arrangement
    llr = float(eye_llr[0]) + finger_llr
    scores = irises | fingers
    ratios: dict[str, float] = {}
    for slots, table in ((IRIS_SLOTS, iris_ratios), (FINGER_SLOTS, finger_ratios)):
        ratios |= {slot: float(table[i, i]) for i, slot in enumerate(slots) if slot in scores}
    return Comparison(llr, scores, ratios, missing_slots(a, b), verdict_of(llr), arrangement)


def _crosswise(a: TemplateSet, b: TemplateSet, slots: tuple[str, ...]) -> tuple[dict[str, float], Floats]:
    """Scores of the slots that both have, and the ratios of each slot of `a` with each of `b`, NaN where absent."""
    prepared = [{slot: _prepared(side[slot]) for slot in slots if slot in side} for side in (a, b)]
    scores: dict[str, float] = {}
    ratios = np.full((len(slots), len(slots)), np.nan)
    for (i, one), (j, other) in product(enumerate(slots), repeat=2):
        if one in a and other in b:
            score = _score(prepared[0][one], prepared[1][other])
            quality = min(a[one].quality, b[other].quality)
            curve = curve_of(kind_of(a[one]))
            ratios[i, j] = curve.llrs(np.array([score]), np.array([float(quality)]))[0]
            if i == j:
                scores[one] = score
    return scores, ratios


def _prepared(template: Template) -> Prepared | IrisTemplate:
    return prepare(template) if isinstance(template, FingerTemplate) else template


def _score(a: Prepared | IrisTemplate, b: Prepared | IrisTemplate) -> float:
    if isinstance(a, Prepared) and isinstance(b, Prepared):
        return compare_fingers(a, b)
    assert isinstance(a, IrisTemplate)  # noqa: S101 - slots of one modality hold templates of one kind
    assert isinstance(b, IrisTemplate)  # noqa: S101
    return compare_irises(a, b).distance
