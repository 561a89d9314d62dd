"""How often two strangers look more alike than any two that were measured: tails fitted to binned impostor scores.

Fingers: exceedances over a high threshold follow a generalised Pareto distribution (Pickands 1975); its shape is
fitted, never taken below 0, for a bounded tail would call a score that was merely never seen impossible. Irises: a
distance is the least of R independent turns of a binomial with N degrees of freedom (Daugman, "How iris recognition
works", IEEE CSVT 14(1), 2004, eq. 8-11); N and R are fitted together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betainc

Floats = NDArray[np.float64]


class Tail(Protocol):
    """The impostor similarities above `start`."""

    @property
    def start(self) -> float:
        """Where the tail begins."""
        ...

    def survival(self, scores: Floats) -> Floats:
        """The share of those above `start` that is above each of `scores` (all >= start)."""
        ...

    def parameters(self) -> dict[str, float]:
        """What was fitted, by name."""
        ...


Fit = Callable[[Floats, Floats, float], Tail]
"""From bin centres (ascending), weights in them and the tail's start to a tail."""


@dataclass(frozen=True, slots=True)
class ParetoTail:
    """Generalised Pareto with `scale` and `shape` >= 0 (0: exponential)."""

    start: float
    scale: float
    shape: float

    def survival(self, scores: Floats) -> Floats:
        """See `Tail`."""
        over = np.maximum(scores - self.start, 0.0) / self.scale
        if self.shape <= 0:
            return np.exp(-over)
        return np.exp(-np.log1p(self.shape * over) / self.shape)

    def parameters(self) -> dict[str, float]:
        """See `Tail`."""
        return {"scale": self.scale, "shape": self.shape}


def fit_pareto(centres: Floats, weights: Floats, start: float) -> ParetoTail:
    """By maximum likelihood, profiled over shape / scale (Grimshaw 1993)."""
    inside = (centres > start) & (weights > 0)
    over, share = centres[inside] - start, weights[inside] / weights[inside].sum()
    mean = float(over @ share)
    ratios = np.geomspace(1e-3, 20.0, 160) / mean
    shapes = np.log1p(ratios[:, None] * over) @ share
    likelihoods = -np.log(shapes / ratios) - 1 - shapes
    best = int(np.argmax(likelihoods))
    if likelihoods[best] <= -np.log(mean) - 1 or best == 0:
        return ParetoTail(start, mean, 0.0)
    return ParetoTail(start, float(shapes[best] / ratios[best]), float(shapes[best]))


@dataclass(frozen=True, slots=True)
class BinomialTail:
    """Similarities are negated distances, each the least of `turns` binomials with `freedom` degrees."""

    start: float
    freedom: float
    turns: float

    def survival(self, scores: Floats) -> Floats:
        """See `Tail`."""
        return _least_of_turns(-scores, self.freedom, self.turns) / _least_of_turns(
            np.array([-self.start]), self.freedom, self.turns
        )

    def parameters(self) -> dict[str, float]:
        """See `Tail`."""
        return {"freedom": self.freedom, "turns": self.turns}


def fit_binomial(centres: Floats, weights: Floats, start: float) -> BinomialTail:
    """By maximum likelihood over the likelier half of the impostors, the rest taken together as one bin."""
    total = weights.sum()
    median = centres[np.searchsorted(np.cumsum(weights), total / 2)]
    inside = centres >= median
    distances = -centres[inside][::-1]
    shares = np.append(weights[inside][::-1] / total, 1 - weights[inside].sum() / total)
    half = float(centres[1] - centres[0]) / 2

    def cost(logs: Floats) -> float:
        edges = np.append(distances[0] - half, distances + half)
        cumulative = _least_of_turns(edges, *np.exp(logs))
        cells = np.append(np.diff(cumulative), 1 - cumulative[-1])
        return -float(shares @ np.log(np.maximum(cells, 1e-300)))

    found = minimize(cost, np.log([200.0, 10.0]), method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-8})
    freedom, turns = np.exp(found.x)
    return BinomialTail(start, float(freedom), float(turns))


def _least_of_turns(distances: Floats, freedom: float, turns: float) -> Floats:
    """P(the least of `turns` binomial distances <= `distances`), continuous in all arguments."""
    errors = np.clip(distances, 1e-6, 1 - 1e-6) * freedom
    # betainc loses the far tail to rounding only below 1e-300, far beyond any use
    once = betainc(freedom - errors, errors + 1, 0.5)
    return -np.expm1(turns * np.log1p(-once))
