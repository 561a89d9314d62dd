"""False match and false non-match rates out of genuine and impostor scores (ISO/IEC 19795-1)."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Curve(NamedTuple):
    """Both rates at each threshold, float64 [n] each: a pair matches where its similarity is above the threshold.

    Starts with the threshold -inf, under which even a failed extraction would match.
    """

    threshold: NDArray[np.float64]
    fmr: NDArray[np.float64]
    fnmr: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Genuine and impostor similarities, float64 each, higher is more alike; -inf for a failed extraction."""

    genuine: NDArray[np.float64]
    impostor: NDArray[np.float64]

    def threshold_at(self, fmr: float) -> float:
        """The lowest threshold above which at most the share `fmr` of impostor pairs lies.

        With fewer than 1 / fmr impostor pairs that is the highest impostor's score: no false match is allowed at all.
        """
        allowed = int(fmr * len(self.impostor) + 1e-9)
        # with `allowed` impostors above it, the next one must be rejected: accept only what beats it
        return float(
            np.partition(self.impostor, -allowed - 1)[-allowed - 1] if allowed < len(self.impostor) else -np.inf
        )

    def fnmr_at(self, fmr: float) -> float:
        """The share of genuine pairs rejected at `threshold_at(fmr)`."""
        return float(np.mean(~(self.genuine > self.threshold_at(fmr))))

    def curve(self) -> Curve:
        """The whole trade-off, at every score that occurs."""
        bars = np.unique(np.concatenate([self.genuine, self.impostor]))
        genuine, impostor = np.sort(self.genuine), np.sort(self.impostor)
        fnmr = np.searchsorted(genuine, bars, side="right") / len(genuine)
        fmr = 1.0 - np.searchsorted(impostor, bars, side="right") / len(impostor)
        return Curve(np.concatenate([[-np.inf], bars]), np.concatenate([[1.0], fmr]), np.concatenate([[0.0], fnmr]))

    def eer(self) -> float:
        """The equal error rate: where both rates cross, linear between the two thresholds around the crossing."""
        _, fmr, fnmr = self.curve()
        after = int(np.argmax(fnmr >= fmr))
        gap_before, gap_after = fmr[after - 1] - fnmr[after - 1], fnmr[after] - fmr[after]
        share = gap_before / (gap_before + gap_after)
        return float(fnmr[after - 1] + share * (fnmr[after] - fnmr[after - 1]))

    def det(self, points: int = 200) -> Curve:
        """The trade-off thinned for drawing: its corners nearest to `points` false match rates at even ratios."""
        curve = self.curve()
        corners = np.flatnonzero((np.diff(curve.fmr, prepend=2.0) != 0) | (np.diff(curve.fnmr, append=2.0) != 0))
        wanted = np.geomspace(1.0, 0.5 / len(self.impostor), points)
        # fmr falls along the curve: the first corner at or below each wanted rate
        places = np.searchsorted(-curve.fmr[corners], -wanted)
        kept = np.unique(corners[np.minimum(places, len(corners) - 1)])
        return Curve(curve.threshold[kept], curve.fmr[kept], curve.fnmr[kept])
