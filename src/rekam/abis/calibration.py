"""Fits the curves of `thresholds` to measured scores: what a score says for one person against two, and how far to
believe it.

Genuine densities are smoothed (Gaussian kernel, Silverman's width). So are impostor densities up to their tail, from
where on exceedances follow an exponential (generalised Pareto with shape 0; Pickands 1975), because impostor scores
that were never seen must not count as proof. The ratio is made monotone (pool adjacent violators) and capped where
the tail is extrapolated beyond `BELIEVED` times the number of pairs measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.stats import gaussian_kde

from rekam.abis.thresholds import Knots

TAIL_FROM = 0.99
TAIL_MARGIN = 1.25
"""The mean of a set's 29 to 1000 exceedances is known to 3-19 %; the fit takes the tail for longer than it looks."""
BELIEVED = 1000.0
"""The exponential may be believed so far because it errs on the safe side: over 179,100 impostor pairs of synthetic
fingers the mean exceedance falls from 0.0022 above the 95th percentile to 0.0017 above the 99.9th, where an exponential
would keep it; and iris distances have a binomial, so lighter, tail (Daugman 2004)."""
GRID = 801


@dataclass(frozen=True, slots=True)
class MeasuredSet:
    """Finite similarities of one set's pairs, higher is more alike."""

    genuine: NDArray[np.float64]
    impostor: NDArray[np.float64]

    @property
    def tail_start(self) -> float:
        """The score that one impostor in a hundred exceeds."""
        return float(np.quantile(self.impostor, TAIL_FROM))

    @property
    def tail_mean(self) -> float:
        """By how much they exceed it on average, with the margin."""
        return TAIL_MARGIN * float(np.mean(self.impostor[self.impostor > self.tail_start]) - self.tail_start)

    def survival(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share of impostors above scores in the tail."""
        return (1 - TAIL_FROM) * np.exp(-np.maximum(scores - self.tail_start, 0.0) / self.tail_mean)

    def impostor_density(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Per unit of score: the kernels' below the tail, the exponential's in it."""
        body = gaussian_kde(self.impostor, "silverman")(scores)
        return np.where(scores > self.tail_start, self.survival(scores) / self.tail_mean, body)

    def genuine_density(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Per unit of score."""
        return gaussian_kde(self.genuine, "silverman")(scores)


def fit(sets: Sequence[MeasuredSet], knots: int = 12) -> Knots:
    """The curve from similarity to log-likelihood ratio over all sets, each with equal weight."""
    low = min(float(np.quantile(each.impostor, 0.05)) for each in sets)
    high = max(float(np.quantile(each.genuine, 0.95)) for each in sets)
    scores = np.linspace(low, high, GRID)
    genuine = np.mean([each.genuine_density(scores) for each in sets], axis=0)
    impostor = np.mean([each.impostor_density(scores) for each in sets], axis=0)
    ratios = isotonic_regression(np.log(np.maximum(genuine, 1e-12) / impostor)).x
    unseen = np.mean([each.survival(scores) for each in sets], axis=0)
    believed = unseen >= 1.0 / (BELIEVED * sum(len(each.impostor) for each in sets))
    ratios = np.minimum(ratios, ratios[believed][-1])
    return _reduced(scores, ratios, knots)


def _reduced(scores: NDArray[np.float64], ratios: NDArray[np.float64], count: int) -> Knots:
    """The curve through `count` points at even steps of the ratio, from where it leaves its floor to its cap."""
    first, last = int(np.argmax(ratios > ratios[0])), int(np.argmax(ratios >= ratios[-1]))
    wanted = np.linspace(ratios[first], ratios[last], count)
    places = first + np.searchsorted(ratios[first : last + 1], wanted)
    places = np.unique(np.minimum(places, last))
    return Knots(tuple(np.round(scores[places], 4).tolist()), tuple(np.round(ratios[places], 2).tolist()))
