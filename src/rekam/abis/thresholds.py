"""Every constant of a decision, with its source."""

from typing import Final, NamedTuple


class Knots(NamedTuple):
    """A monotone, piecewise linear curve from score to log-likelihood ratio; flat beyond its ends."""

    scores: tuple[float, ...]
    llrs: tuple[float, ...]


FINGER_KNOTS: Final = Knots((0.0, 0.3, 0.6), (-1.0, 0.0, 12.0))
IRIS_KNOTS: Final = Knots((0.25, 0.40, 0.45), (14.0, 0.0, -1.5))

SMALLEST_GALLERY: Final = 10
ADJUDICATE_EVIDENCE: Final = 4.0
DUPLICATE_EVIDENCE: Final = 14.0
