"""From scores of single slots to one log-likelihood ratio, and from that to a verdict.

Slots of two different people err independently, so their ratios add (Nandakumar et al., "Likelihood ratio-based
biometric score fusion", PAMI 30(2), 2008). A slot that either side lacks says nothing and adds nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rekam.abis import thresholds
from rekam.abis.slots import SLOTS, Modality, modality_of

CALIBRATIONS: Mapping[Modality, thresholds.Knots] = {
    Modality.FINGER: thresholds.FINGER_KNOTS,
    Modality.IRIS: thresholds.IRIS_KNOTS,
}


class Verdict(StrEnum):
    """What the machine says of two records: different people, ask two experts, or one person."""

    UNIQUE = "unique"
    ADJUDICATE = "adjudicate"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two template sets compared.

    `llr` is the natural logarithm of P(scores | one person) / P(scores | two people); `scores` holds each slot that
    both sides have (finger similarity 0-1, iris distance 0-1); `missing` names each slot that only one side has.
    """

    llr: float
    scores: Mapping[str, float]
    missing: tuple[str, ...]
    verdict: Verdict


def slot_llr(modality: Modality, scores: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Log-likelihood ratios of one modality's scores, same shape; NaN (nothing compared) gives 0."""
    knots = CALIBRATIONS[modality]
    ratios = np.interp(scores, knots.scores, knots.llrs)
    return np.where(np.isnan(scores), 0.0, ratios)


def fuse_columns(scores: Mapping[str, NDArray[np.float64]], rows: int) -> NDArray[np.float64]:
    """The log-likelihood ratio of each of many comparisons, float64 [rows]; a float64 [rows] a slot, NaN for absent.

    Within a modality slots add up to a sum S, but a person's samples also fail together (bandages, wet or spoilt
    fingers, glasses, fingers in another order), in a share e of recordings: such scores look like a stranger's and must
    not outweigh good evidence of the other modality. So a modality says ln((1 - e) exp(S) + e), never less than ln(e).
    """
    fused = np.zeros(rows)
    for modality, together in thresholds.FAILING_TOGETHER.items():
        of_modality = [slot_llr(modality, column) for slot, column in scores.items() if modality_of(slot) is modality]
        if of_modality:
            told = np.any([~np.isnan(scores[slot]) for slot in scores if modality_of(slot) is modality], axis=0)
            mixed = np.logaddexp(math.log1p(-together) + np.sum(of_modality, axis=0), math.log(together))
            fused += np.where(told, mixed, 0.0)
    return fused


def fuse(scores: Mapping[str, float]) -> float:
    """The log-likelihood ratio of all slots compared; 0.0 where none was. Raises `UnknownSlot`."""
    return float(fuse_columns({slot: np.array([score]) for slot, score in scores.items()}, 1)[0])


class Bars(NamedTuple):
    """The least log-likelihood ratio for each verdict above UNIQUE."""

    adjudicate: float
    duplicate: float


def bars(gallery_size: int) -> Bars:
    """The bars for a search among `gallery_size` people (1 for a 1:1 comparison).

    Each person searched is one more chance to look alike by accident, so the bars rise by ln(gallery_size).
    """
    chances = math.log(max(gallery_size, thresholds.SMALLEST_GALLERY))
    return Bars(thresholds.ADJUDICATE_EVIDENCE + chances, thresholds.DUPLICATE_EVIDENCE + chances)


def verdict_of(llr: float, gallery_size: int = 1) -> Verdict:
    """The verdict on one candidate out of a search among `gallery_size` people."""
    least = bars(gallery_size)
    if llr >= least.duplicate:
        return Verdict.DUPLICATE
    return Verdict.ADJUDICATE if llr >= least.adjudicate else Verdict.UNIQUE


def missing_slots(one: Mapping[str, object], other: Mapping[str, object]) -> tuple[str, ...]:
    """The slots that only one of two sets has, in the engine's order."""
    return tuple(slot for slot in SLOTS if (slot in one) != (slot in other))
