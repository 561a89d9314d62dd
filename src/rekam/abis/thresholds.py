"""Every constant of a decision, with its source."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from rekam.abis.slots import Modality


class Knots(NamedTuple):
    """A monotone, piecewise linear curve from score to log-likelihood ratio; flat beyond its ends."""

    scores: tuple[float, ...]
    llrs: tuple[float, ...]


FINGER_KNOTS: Final = Knots(
    (0.0175, 0.0201, 0.0227, 0.0254, 0.028, 0.0301, 0.0333, 0.037, 0.0401, 0.0433, 0.047, 0.0502),
    (-4.09, -3.03, -1.91, -0.9, 0.12, 1.07, 2.06, 3.19, 4.14, 5.09, 6.18, 7.11),
)
IRIS_KNOTS: Final = Knots(
    (0.1095, 0.1369, 0.1637, 0.1905, 0.2156, 0.2406, 0.2674, 0.2949, 0.3163, 0.3414, 0.3676, 0.4099),
    (11.35, 9.87, 8.4, 6.9, 5.43, 3.95, 2.45, 0.97, -0.53, -2.01, -3.48, -4.99),
)

FAILING_TOGETHER: Final[Mapping[Modality, float]] = {Modality.FINGER: 0.02, Modality.IRIS: 0.02}

SMALLEST_GALLERY: Final = 10
ADJUDICATE_EVIDENCE: Final = 1.0
DUPLICATE_EVIDENCE: Final = 14.0
