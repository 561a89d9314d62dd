"""From a log-likelihood ratio to what the machine says, by the wanted rate of false positives."""

import math
from enum import StrEnum
from typing import NamedTuple

from rekam.abis import thresholds


class Verdict(StrEnum):
    """What the machine says of two records: different people, ask two experts, or one person."""

    UNIQUE = "unique"
    ADJUDICATE = "adjudicate"
    DUPLICATE = "duplicate"


class Wanted(NamedTuple):
    """The most first recordings (shares, FPIR, ISO/IEC 19795-1) that may go to experts, or be called duplicates."""

    experts: float = thresholds.EXPERTS_FPIR
    machine: float = thresholds.MACHINE_FPIR


class Bars(NamedTuple):
    """The least log-likelihood ratio for each verdict above UNIQUE."""

    adjudicate: float
    duplicate: float


def bars(gallery_size: int, fpir: Wanted | None = None) -> Bars:
    """The bars for a search among `gallery_size` people (1 for a 1:1 comparison) that keep to the wanted rates.

    Of a ratio L that is right or errs low, two different people reach t with probability at most exp(-t), for its mean
    over them is at most 1 (Markov). So ln(N / FPIR) keeps N comparisons to the wanted FPIR with any slots; the curves
    err low because they take the upper end of the fitted impostor tail's interval.
    """
    wanted = fpir or Wanted()
    chances = math.log(max(gallery_size, thresholds.SMALLEST_GALLERY))
    return Bars(chances - math.log(wanted.experts), chances - math.log(wanted.machine))


def verdict_of(llr: float, gallery_size: int = 1, fpir: Wanted | None = None) -> Verdict:
    """The verdict on one candidate out of a search among `gallery_size` people."""
    least = bars(gallery_size, fpir)
    if llr >= least.duplicate:
        return Verdict.DUPLICATE
    return Verdict.ADJUDICATE if llr >= least.adjudicate else Verdict.UNIQUE
