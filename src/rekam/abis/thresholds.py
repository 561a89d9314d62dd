"""Every constant of a decision, with its source.

"Measured" means: all pairs of the five sets fvc2002_db1 .. db4 and mmu1 (2,020 genuine and 111,645 impostor pairs),
by `python bench/abis_calibration.py ../shared/data/biometrics`, fitted as `calibration` says; then proved on whole
people by `python bench/abis_people.py`. Whoever changes an extractor or a comparison runs both again.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from rekam.abis.slots import Modality


class Knots(NamedTuple):
    """A monotone, piecewise linear curve from score to log-likelihood ratio; flat beyond its ends."""

    scores: tuple[float, ...]
    llrs: tuple[float, ...]


# --- what one slot's score says -------------------------------------------------------------------------------------
FINGER_KNOTS: Final = Knots(
    (0.0175, 0.0201, 0.0227, 0.0254, 0.028, 0.0301, 0.0333, 0.037, 0.0401, 0.0433, 0.047, 0.0502),
    (-4.09, -3.03, -1.91, -0.9, 0.12, 1.07, 2.06, 3.19, 4.14, 5.09, 6.18, 7.11),
)
"""Similarity of two prints to the ratio (measured). The cap is where the fitted impostor tail of four sets reaches
1 in 115,200, ten times fewer than the impostor pairs measured."""

IRIS_KNOTS: Final = Knots(
    (0.1095, 0.1369, 0.1637, 0.1905, 0.2156, 0.2406, 0.2674, 0.2949, 0.3163, 0.3414, 0.3676, 0.4099),
    (11.35, 9.87, 8.4, 6.9, 5.43, 3.95, 2.45, 0.97, -0.53, -2.01, -3.48, -4.99),
)
"""Distance of two irises to the ratio (measured); the cap likewise, at 1 in 1,001,250."""

# --- what all slots say together ------------------------------------------------------------------------------------
FAILING_TOGETHER: Final[Mapping[Modality, float]] = {Modality.FINGER: 0.02, Modality.IRIS: 0.02}
"""The share of recordings in which all samples of a modality fail at once, or were spoilt on purpose; see
`fusion.fuse_columns`. Assumed, not measured: the sets do not tell which samples were taken in one sitting. Twice as
much or half of it moves a modality's floor by 0.7."""

# --- verdicts -------------------------------------------------------------------------------------------------------
SMALLEST_GALLERY: Final = 10
"""A search is never judged more leniently than one among so many: a single slot's best ratio then leads to experts,
not to a verdict."""

ADJUDICATE_EVIDENCE: Final = 0.0
"""Experts are asked from even odds on, given that the person is among those searched. By the ratio's meaning at most
exp(-0) * P(ratio near the bar | one person), under 1 % here, of first recordings go to them, however large the
gallery (measured: none of 640, see `bench/abis_people.py`)."""

DUPLICATE_EVIDENCE: Final = 14.0
"""The machine alone says DUPLICATE from odds of exp(14), a million to one, on: at most one false duplicate in a million
searches, however large the gallery."""
