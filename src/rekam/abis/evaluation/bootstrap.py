"""How far measured error rates can be believed: intervals by resampling people.

The pairs of a set share images and images share people, so pairs are not drawn but people (subset bootstrap; Bolle,
Ratha, Pankanti, "Error analysis of pattern recognition systems: the subsets bootstrap", CVIU 93, 2004): a pair counts
as often as its one person was drawn, a pair of two people as often as the product says. Thresholds are set anew in
every draw. Only the impostors that can reach a threshold are carried along, which makes a million pairs quick.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
BATCH_VALUES = 4_000_000
LEVEL = 0.95
SEED = 19795


@dataclass(frozen=True, slots=True)
class PeoplePairs:
    """Similarities with whom each pair belongs to: people are numbered 0 .. people - 1.

    genuine and impostor float64; genuine_of int [genuine]; impostor_of int [2, impostor], the same number twice where
    two eyes of one person were compared.
    """

    genuine: NDArray[np.float64]
    genuine_of: NDArray[np.int64]
    impostor: NDArray[np.float64]
    impostor_of: NDArray[np.int64]
    people: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the rate lies with 95 % confidence, fractions."""

    low: float
    high: float


def intervals(pairs: PeoplePairs, fmrs: Sequence[float], draws: int = DRAWS) -> tuple[Interval, list[Interval]]:
    """The interval of the EER and those of the FNMR at each FMR.

    Where no draw shows an error the bootstrap is blind; the upper end is then that of the rule of three, 3 / number of
    genuine pairs (ISO/IEC 19795-1, annex B), which still takes pairs for independent and so errs on the narrow side.
    """
    weights = np.random.default_rng(SEED).multinomial(pairs.people, np.full(pairs.people, 1 / pairs.people), draws)
    share = 0.02
    while True:
        eers, fnmrs, reached = _rates(pairs, weights, fmrs, share)
        if reached or share >= 1:
            break
        share = min(4 * share, 1.0)
    blind = min(3 / len(pairs.genuine), 1.0)
    return _interval(eers, blind), [_interval(column, blind) for column in fnmrs.T]


def _interval(rates: NDArray[np.float64], blind: float) -> Interval:
    low, high = np.quantile(rates, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high) if high > 0 else blind)


def _rates(
    pairs: PeoplePairs, weights: NDArray[np.int64], fmrs: Sequence[float], share: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], bool]:
    """EER [draws] and FNMR [draws, fmrs] with the highest `share` of impostors; False if those were too few."""
    kept = max(1, round(share * len(pairs.impostor)))
    tail = np.argpartition(pairs.impostor, -kept)[-kept:]
    tail = tail[np.argsort(pairs.impostor[tail], kind="stable")]
    order = np.argsort(pairs.genuine, kind="stable")
    bars = np.unique(np.concatenate([pairs.genuine, pairs.impostor[tail]]))
    bars = bars[bars >= pairs.impostor[tail[0]]] if kept < len(pairs.impostor) else bars
    rejected = np.searchsorted(pairs.genuine[order], bars, side="right")
    refused = np.searchsorted(pairs.impostor[tail], bars, side="right")
    totals = _impostor_weight(pairs, weights)
    # a draw of one person only, or of people photographed once, has no rates
    told = (totals > 0) & (weights @ np.bincount(pairs.genuine_of, minlength=pairs.people) > 0)
    weights, totals = weights[told], totals[told]
    eers, fnmrs, reached = [], [], True
    for batch in np.array_split(np.arange(len(weights)), max(1, len(weights) * len(bars) // BATCH_VALUES)):
        drawn = weights[batch]
        genuine = _cumulated(drawn[:, pairs.genuine_of[order]])
        impostor = _cumulated(_pair_weight(drawn, pairs.impostor_of[:, tail]))
        fnmr = genuine[:, rejected] / genuine[:, -1:]
        fmr = (impostor[:, -1:] - impostor[:, refused]) / totals[batch, None]
        if kept == len(pairs.impostor):
            fnmr, fmr = np.pad(fnmr, ((0, 0), (1, 0))), np.pad(fmr, ((0, 0), (1, 0)), constant_values=1.0)
        reached &= bool((fnmr[:, 0] < fmr[:, 0]).all() and (fmr[:, 0] > max(fmrs)).all())
        if not reached and kept < len(pairs.impostor):
            break
        eers.append(_crossing(fmr, fnmr))
        places = [np.argmax(fmr <= fmr_wanted + 1e-12, axis=1) for fmr_wanted in fmrs]
        fnmrs.append(np.stack([fnmr[np.arange(len(fnmr)), place] for place in places], axis=1))
    if not eers:
        return np.empty(0), np.empty((0, len(fmrs))), False
    return np.concatenate(eers), np.concatenate(fnmrs), reached


def _crossing(fmr: NDArray[np.float64], fnmr: NDArray[np.float64]) -> NDArray[np.float64]:
    """The EER of each row, as `ErrorRates.eer`."""
    rows, after = np.arange(len(fmr)), np.maximum(np.argmax(fnmr >= fmr, axis=1), 1)
    before = fnmr[rows, after - 1]
    gap_before, gap_after = fmr[rows, after - 1] - before, fnmr[rows, after] - fmr[rows, after]
    return before + gap_before / (gap_before + gap_after) * (fnmr[rows, after] - before)


def _cumulated(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0)))


def _pair_weight(weights: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.int64]:
    one, other = people
    return np.where(one == other, weights[:, one], weights[:, one] * weights[:, other])


def _impostor_weight(pairs: PeoplePairs, weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """What all impostor pairs weigh in each draw, int64 [draws]."""
    counts = np.zeros((pairs.people, pairs.people), np.int64)
    np.add.at(counts, tuple(pairs.impostor_of), 1)
    own = counts.diagonal().copy()
    np.fill_diagonal(counts, 0)
    return ((weights @ counts) * weights).sum(axis=1) + weights @ own
