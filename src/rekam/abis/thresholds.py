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
    (0.0156, 0.0188, 0.0209, 0.0235, 0.0278, 0.032, 0.0368, 0.041, 0.0458, 0.0505, 0.0553, 0.06),
    (-4.43, -2.69, -1.44, 0.04, 1.48, 2.95, 4.56, 5.95, 7.47, 8.94, 10.36, 11.74),
)
"""Similarity of two prints to the ratio (measured). The cap is where the fitted impostor tail of four sets reaches
1 in 11,520,000, a thousand times fewer than the impostor pairs measured; `calibration.BELIEVED` says why so far."""

IRIS_KNOTS: Final = Knots(
    (0.0721, 0.1075, 0.1412, 0.1719, 0.2008, 0.2315, 0.261, 0.2894, 0.3183, 0.3402, 0.3685, 0.414),
    (15.76, 13.87, 11.98, 10.08, 8.2, 6.27, 4.39, 2.49, 0.6, -1.28, -3.18, -5.11),
)
"""Distance of two irises to the ratio (measured); the cap likewise, at 1 in 100,125,000. No single finger or iris
reaches the bar for DUPLICATE."""

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
exp(-0) * P(ratio near the bar | one person), under 1 % here, of first recordings go to them, however large the gallery.
Measured over 12 shuffles of real people, twenty at a time: of 1,920 first recordings none went to them or further; of
12,000 second ones 44 went to them and 11,956 were called DUPLICATE (ratios 5.5 and up, bars 3.0 and 17.0)."""

DUPLICATE_EVIDENCE: Final = 14.0
"""The machine alone says DUPLICATE from odds of exp(14), a million to one, on: at most one false duplicate in a million
searches, however large the gallery."""
