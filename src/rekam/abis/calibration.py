"""Fits a curve of `curves` to measured pairs: what a score says for one person against two, and how far to believe it.

Pairs are divided by the quality of the worse template. In each part a similarity is first turned into surprise, minus
the logarithm of the share of strangers who are that much alike: measured shares, beyond `start` a fitted tail
(`impostor_tail`). All is done again for people drawn with replacement (images of one finger are not independent, so
people are drawn, not pairs), and the curve uses the upper end of the share's 95 % interval. In steps of surprise the
ratio of genuine to impostor pairs is counted and made monotone (pool adjacent violators). The curve ends where the
share falls below 1 in `BEYOND` times the number of independent pairs that the spread between draws amounts to.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from rekam.abis.curves import Curve, Floats, Level
from rekam.abis.impostor_tail import Fit, Tail

LEVELS = 3
"""Parts of equally many genuine pairs, by quality."""
REPLICATES = 100
BINS = 3000
BEYOND = 100.0
"""How far beyond the data a tail is believed: as deep as `bench/abis_tails.py` could prove it."""
INTERVAL = (0.025, 0.975)
TAIL_FROM = 0.975
"""The quantile of impostors where the tail begins. `bench/abis_tails.py` fits half of the people and looks where all of
them lie: from here the upper end holds in 90-100 % of the trials down to 1 in 100,000 pairs, from 0.9 in 80-95 %.
"""
SURPRISE = np.cumsum(
    [0, *[0.05] * 2, *[0.1] * 2, *[0.2] * 2, *[0.3] * 2, *[0.4] * 3, *[0.5] * 4, *[0.75] * 4, *[1.0] * 18]
)
"""Steps of surprise, nats, in which pairs are counted."""
UNFORESEEN = 0.01
"""The share of genuine pairs that fail for a reason which no quality shows (little overlap, another finger): with it a
slot's floor is about -4.6. Measured by the sets left out, see docs/adr/0019."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """n compared pairs: similarity (finite), quality of the worse template, genuine or not, and the two subjects."""

    similarity: Floats
    quality: NDArray[np.uint8]
    genuine: NDArray[np.bool_]
    a: NDArray[np.int32]
    b: NDArray[np.int32]

    def __getitem__(self, chosen: NDArray[np.bool_]) -> "Pairs":
        return Pairs(*(getattr(self, name)[chosen] for name in Pairs.__slots__))


class Histograms:
    """Similarities of both kinds of pairs by level, in BINS bins from the least to the greatest."""

    def __init__(self, pairs: Pairs) -> None:
        wanted = np.quantile(pairs.quality[pairs.genuine], np.linspace(0, 1, LEVELS + 1)[1:-1])
        bounds = np.unique(wanted)
        level = np.searchsorted(bounds, pairs.quality, side="right")
        occupied = np.flatnonzero(np.bincount(level[pairs.genuine], minlength=len(bounds) + 1))
        level = np.clip(np.searchsorted(occupied, level), 0, len(occupied) - 1)
        self.levels = len(occupied)
        self.qualities = [float(np.median(pairs.quality[pairs.genuine & (level == one)])) for one in range(self.levels)]
        self.edges = np.linspace(pairs.similarity.min(), pairs.similarity.max(), BINS + 1)
        self.centres = (self.edges[1:] + self.edges[:-1]) / 2
        cell = np.clip(np.searchsorted(self.edges, pairs.similarity, side="right") - 1, 0, BINS - 1)
        self.subjects = int(max(pairs.a.max(), pairs.b.max())) + 1
        self._places = {kind: _places(pairs, level * BINS + cell, genuine=kind) for kind in (True, False)}

    def count(self, weights: Floats, *, genuine: bool) -> Floats:
        """Weighted numbers of pairs, float64 [levels, BINS]; a pair weighs as its two subjects do."""
        a, b, cell = self._places[genuine]
        # another eye of the same person is a stranger's, but drawn with the person
        weight = weights[a] * np.where(a == b, 1.0, weights[b])
        return np.bincount(cell, weight, self.levels * BINS).astype(np.float64).reshape(self.levels, BINS)


def _places(pairs: Pairs, cell: NDArray[np.int64], *, genuine: bool) -> tuple[NDArray[np.int64], ...]:
    """Of all pairs of one sort: subject, other subject, cell."""
    chosen = pairs.genuine == genuine
    return pairs.a[chosen].astype(np.int64), pairs.b[chosen].astype(np.int64), cell[chosen]


@dataclass(frozen=True, slots=True)
class Fitted:
    """One draw of people: survival of impostors float64 [levels, BINS + 1] at the edges, genuine share below each."""

    strangers: Floats
    own: Floats
    tails: list[Tail]


def fit_curve(kind: str, pairs: Pairs, fit_tail: Fit, about: dict[str, Any], *, seed: int = 1) -> Curve:
    """The curve of one kind of template over all pairs; `about` (sets, date) is kept with it."""
    histograms = Histograms(pairs)
    plain = np.ones(histograms.subjects)
    nominal = fit_once(histograms, plain, fit_tail)
    draw = np.random.default_rng(seed)
    drawn = [
        fit_once(histograms, draw.multinomial(len(plain), plain / len(plain)).astype(float), fit_tail)
        for _ in range(REPLICATES)
    ]
    strangers, own = (
        np.stack([getattr(nominal, name), *np.quantile([getattr(one, name) for one in drawn], INTERVAL, axis=0)])
        for name in ("strangers", "own")
    )
    strangers[1] = np.minimum(strangers[1], strangers[0])
    strangers[2] = np.maximum(strangers[2], strangers[0])
    shares = [histograms.count(plain, genuine=genuine).sum(axis=1) for genuine in (True, False)]
    levels, tails = [], []
    for number in range(histograms.levels):
        independent = _independent(np.array([one.strangers[number] for one in drawn]))
        most_believed = float(np.log(BEYOND * independent))
        share = (float(shares[0][number] / shares[0].sum()), float(shares[1][number] / shares[1].sum()))
        quality = histograms.qualities[number]
        genuine = int(shares[0][number])
        levels.append(
            _level(quality, histograms.edges, strangers[:, number], own[:, number], genuine, most_believed, share)
        )
        tails.append(_told(nominal.tails[number], [one.tails[number] for one in drawn], independent))
    return Curve(kind, tuple(levels), {**about, "tail_from_quantile": TAIL_FROM, "tails": tails})


def fit_once(histograms: Histograms, weights: Floats, fit_tail: Fit, quantile: float = TAIL_FROM) -> Fitted:
    """Survivals and tails of one draw of people, who weigh `weights`."""
    impostor, genuine = (histograms.count(weights, genuine=kind) for kind in (False, True))
    # a level that this draw leaves empty looks like all together
    impostor += impostor.sum(axis=0) / impostor.sum()
    tails, strangers = [], []
    for counts in impostor:
        survival = _survival(counts)
        start = _start(histograms.edges, survival, quantile)
        tail = fit_tail(histograms.centres, counts, start)
        beyond = histograms.edges > start
        survival[beyond] = tail.survival(histograms.edges[beyond]) * np.interp(start, histograms.edges, survival)
        strangers.append(survival)
        tails.append(tail)
    totals = np.maximum(genuine.sum(axis=1, keepdims=True), 1e-9)
    own = np.concatenate([np.zeros((len(genuine), 1)), np.cumsum(genuine, axis=1) / totals], axis=1)
    return Fitted(np.array(strangers), own, tails)


def _survival(counts: Floats) -> Floats:
    """The share of pairs above each edge, float64 [BINS + 1]."""
    return np.append(np.cumsum(counts[::-1])[::-1], 0.0) / counts.sum()


def _start(edges: Floats, survival: Floats, quantile: float) -> float:
    return float(edges[np.searchsorted(-survival, -(1 - quantile))])


def _independent(survivals: Floats) -> float:
    """As many independent pairs would let the share of the likeliest hundredth vary as it does from draw to draw."""
    at = int(np.argmin(np.abs(survivals.mean(axis=0) - 0.01)))
    mean, variance = float(survivals[:, at].mean()), float(survivals[:, at].var())
    return mean * (1 - mean) / max(variance, 1e-12)


def _level(
    quality: float,
    edges: Floats,
    strangers: Floats,
    own: Floats,
    genuine: int,
    most_believed: float,
    share: tuple[float, float],
) -> Level:
    surprise = -np.log(np.maximum(strangers[2], 1e-300))
    most_believed = min(most_believed, float(surprise[-2]))
    steps = np.append(SURPRISE[most_believed - 0.3 > SURPRISE], most_believed)
    below = np.interp(np.interp(steps, surprise, edges), edges, own[0])
    impostor = -np.diff(np.append(np.exp(-steps), 0.0))
    failed = max(UNFORESEEN * genuine, 1.0)
    counted = (np.diff(np.append(below, 1.0)) * genuine + impostor * failed) / (genuine + failed)
    llrs = isotonic_regression(np.log(counted / impostor), weights=counted + impostor).x
    centres = np.append((steps[1:] + steps[:-1]) / 2, steps[-1])
    at = np.interp(centres, surprise, edges)
    curves = [np.array([np.interp(at, edges, row) for row in rows]) for rows in (strangers, own)]
    return Level(quality, at, llrs, curves[0], curves[1], share)


def _told(nominal: Tail, drawn: list[Tail], independent: float) -> dict[str, Any]:
    """The tail's parameters with their intervals, for the file."""
    told: dict[str, Any] = {"start": round(nominal.start, 5), "independent_pairs": round(independent)}
    for name, value in nominal.parameters().items():
        low, high = np.quantile([one.parameters()[name] for one in drawn], INTERVAL)
        told[name] = [float(f"{one:.4g}") for one in (value, low, high)]
    return told
