"""How often a search among N people errs, foretold from the fitted curves: for numbers of people nobody can measure.

Each slot's ratio has a distribution over strangers (measured, beyond that the fitted tail) and one over recordings of
one person (measured); those of all slots are folded as `fusion` adds ratios up, fingers and eyes failing together in
the shares that `thresholds` assumes. What is not foretold: strangers whose slots hang together (twins, one worn
scanner), and people who deceive.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np

from rekam.abis import thresholds
from rekam.abis.curves import IRIS, Curve, Floats, curve_of
from rekam.abis.slots import IRIS_SLOTS, hand_of
from rekam.abis.verdict import Bars, Wanted, bars

STEP = 0.05
"""Ratios are folded in steps of so many nats."""
PARTS = 8
"""Into how many steps the pairs between two points of a curve are divided."""


class Estimate(NamedTuple):
    """A share of searches and the ends of its interval: 95 % of the curves', and shares failing together twice as
    large or half as large as assumed.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """Shares of searches. `fpir`: of first recordings that go to experts or further; `fnir`: of second ones that do
    not; `machine_fpir` and `machine_fnir`: the same of being called DUPLICATE by the machine alone.
    """

    gallery_size: int
    slots: tuple[str, ...]
    bars: Bars
    fpir: Estimate
    fnir: Estimate
    machine_fpir: Estimate
    machine_fnir: Estimate


@dataclass(frozen=True, slots=True)
class _Shares:
    """A distribution over ratios: `mass[i]` at `(first + i) * STEP`."""

    first: int
    mass: Floats

    def __add__(self, other: "_Shares") -> "_Shares":
        """The distribution of the sum. Folded directly, for shares far below rounding errors of a Fourier transform."""
        return _Shares(self.first + other.first, np.convolve(self.mass, other.mass))

    def at_least(self, bar: float) -> float:
        """The share of ratios from `bar` on."""
        return float(self.mass[max(math.ceil(bar / STEP - 1e-9) - self.first, 0) :].sum())

    def or_fail(self, share: float) -> "_Shares":
        """The distribution of ln((1 - e) exp(S) + e)."""
        places = (self.first + np.arange(len(self.mass))) * STEP
        return _placed(np.logaddexp(math.log1p(-share) + places, math.log(share)), self.mass)

    def mixed(self, other: "_Shares", share: float) -> "_Shares":
        """This one, in a share of cases the other."""
        first = min(self.first, other.first)
        mass = np.zeros(max(self.first + len(self.mass), other.first + len(other.mass)) - first)
        mass[self.first - first :][: len(self.mass)] += (1 - share) * self.mass
        mass[other.first - first :][: len(other.mass)] += share * other.mass
        return _Shares(first, mass)


NOTHING = _Shares(0, np.ones(1))


def predict(
    gallery_size: int, slots: Sequence[str], *, finger_kind: str = "finger/rekam-classical", fpir: Wanted | None = None
) -> Prediction:
    """What becomes of searches among `gallery_size` people of whom all have `slots`. Raises `CurveMissing`."""
    bar = bars(gallery_size, fpir)
    # as fitted; all that is uncertain on the good side; on the bad side
    cases = [_both(slots, finger_kind, case, factor) for case, factor in ((0, 1.0), (1, 0.5), (2, 2.0))]

    def estimate(of: Callable[[tuple[_Shares, _Shares]], float]) -> Estimate:
        return Estimate(*map(of, cases))

    def false(at: float) -> Estimate:
        return estimate(lambda case: -math.expm1(gallery_size * math.log1p(-min(case[0].at_least(at), 1 - 1e-12))))

    def missed(at: float) -> Estimate:
        return estimate(lambda case: max(1 - case[1].at_least(at), 0.0))

    return Prediction(
        gallery_size,
        tuple(slots),
        bar,
        false(bar.adjudicate),
        missed(bar.adjudicate),
        false(bar.duplicate),
        missed(bar.duplicate),
    )


def _both(slots: Sequence[str], finger_kind: str, case: int, factor: float) -> tuple[_Shares, _Shares]:
    """The ratio of all slots over strangers, and over recordings of one person."""
    strangers, own = NOTHING, NOTHING
    fingers: dict[int, list[Curve]] = {}
    for slot in slots:
        if slot not in IRIS_SLOTS:
            fingers.setdefault(hand_of(slot), []).append(curve_of(finger_kind))
    if fingers:
        hands = [_failing_together(of_hand, case, thresholds.HAND_FAILS, factor) for of_hand in fingers.values()]
        other, same = _sum(hand[0] for hand in hands), _sum(hand[1] for hand in hands)
        same = same.mixed(other, factor * thresholds.FINGERS_FAIL)
        strangers, own = (one.or_fail(thresholds.FINGERS_FAIL) for one in (other, same))
    irises = [curve_of(IRIS) for slot in slots if slot in IRIS_SLOTS]
    if irises:
        other, same = _failing_together(irises, case, thresholds.IRISES_FAIL, factor)
        strangers, own = strangers + other, own + same
    return strangers, own


def _failing_together(curves: Sequence[Curve], case: int, share: float, factor: float) -> tuple[_Shares, _Shares]:
    strangers = _sum(_slot(curve, case, own=False) for curve in curves)
    own = _sum(_slot(curve, case, own=True) for curve in curves)
    return strangers.or_fail(share), own.mixed(strangers, factor * share).or_fail(share)


def _sum(shares: Iterable[_Shares]) -> _Shares:
    return reduce(lambda one, other: one + other, shares, NOTHING)


def _slot(curve: Curve, case: int, *, own: bool) -> _Shares:
    """One slot's ratio over strangers or one person, all qualities together."""
    places, masses = [], []
    for level in curve.levels:
        below = level.own[case] if own else 1.0 - level.strangers[case]
        # shares far below rounding errors: differences of survivals, not of ones minus them
        inside = np.diff(level.own[case]) if own else -np.diff(level.strangers[case])
        above = 1.0 - level.own[case][-1] if own else level.strangers[case][-1]
        share = level.share[0 if own else 1]
        fractions = (np.arange(PARTS) + 0.5) / PARTS
        between = level.llrs[:-1, None] + np.diff(level.llrs)[:, None] * fractions
        places.append(np.concatenate([level.llrs[:1], between.ravel(), level.llrs[-1:]]))
        masses.append(share * np.concatenate([below[:1], np.repeat(inside / PARTS, PARTS), [above]]))
    mass = np.maximum(np.concatenate(masses), 0.0)
    return _placed(np.concatenate(places), mass / mass.sum())


def _placed(places: Floats, mass: Floats) -> _Shares:
    """Shares at any ratios, divided between the two nearest steps."""
    floor = np.floor(places / STEP).astype(np.int64)
    rest = places / STEP - floor
    first = int(floor.min())
    counted = np.bincount(floor - first, mass * (1 - rest), int(floor.max()) - first + 2).astype(np.float64)
    counted += np.bincount(floor - first + 1, mass * rest, len(counted))
    return _Shares(first, counted)
