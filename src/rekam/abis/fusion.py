"""From the log-likelihood ratios of single slots to one of all.

Slots of two different people err independently, so their ratios add (Nandakumar et al., "Likelihood ratio-based
biometric score fusion", PAMI 30(2), 2008). One person's samples do not: they fail together, a hand or an eye pair or
all fingers at once. A slot that either side lacks says nothing and adds nothing.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rekam.abis import thresholds
from rekam.abis.slots import IRIS_SLOTS, SLOTS, hand_of, modality_of

Floats = NDArray[np.float64]


def fuse_columns(ratios: Mapping[str, Floats], rows: int) -> Floats:
    """The ratio of each of many comparisons, float64 [rows]; a float64 [rows] a slot, NaN where nothing was compared.

    Raises `UnknownSlot`.
    """
    for slot in ratios:
        modality_of(slot)
    return fuse_fingers(ratios, rows) + fuse_irises([ratios[slot] for slot in IRIS_SLOTS if slot in ratios], rows)


def fuse_irises(ratios: Sequence[Floats], rows: int) -> Floats:
    """Both eyes together, float64 [rows]."""
    return _or_fail(*_sum(ratios, rows), thresholds.IRISES_FAIL)


def fuse_fingers(ratios: Mapping[str, Floats], rows: int) -> Floats:
    """The slots of `ratios` that are fingers, float64 [rows]: each hand may fail, and both together."""
    hands: dict[int, list[Floats]] = {}
    for slot, column in ratios.items():
        if slot not in IRIS_SLOTS:
            hands.setdefault(hand_of(slot), []).append(column)
    fused, told = np.zeros(rows), np.zeros(rows, np.bool_)
    for _, of_hand in sorted(hands.items()):
        total, any_told = _sum(of_hand, rows)
        fused += _or_fail(total, any_told, thresholds.HAND_FAILS)
        told |= any_told
    return _or_fail(fused, told, thresholds.FINGERS_FAIL)


def fuse(ratios: Mapping[str, float]) -> float:
    """The ratio of all slots compared; 0.0 where none was. Raises `UnknownSlot`."""
    return float(fuse_columns({slot: np.array([ratio]) for slot, ratio in ratios.items()}, 1)[0])


def missing_slots(one: Mapping[str, object], other: Mapping[str, object]) -> tuple[str, ...]:
    """The slots that only one of two sets has, in the engine's order."""
    return tuple(slot for slot in SLOTS if (slot in one) != (slot in other))


def _sum(ratios: Sequence[Floats], rows: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Added up without regard to order, so that the same slots give the same bits; and where anything was compared."""
    if not ratios:
        return np.zeros(rows), np.zeros(rows, np.bool_)
    table = np.stack(ratios)
    told: NDArray[np.bool_] = ~np.all(np.isnan(table), axis=0)
    return np.nansum(np.sort(table, axis=0), axis=0), told


def _or_fail(total: Floats, told: NDArray[np.bool_], share: float) -> Floats:
    """ln((1 - e) exp(S) + e) where anything was compared: in a share e of one person's recordings these samples look
    like a stranger's, whose ratio is 1.
    """
    return np.where(told, np.logaddexp(math.log1p(-share) + total, math.log(share)), 0.0)
