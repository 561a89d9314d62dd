"""False match and false non-match rates out of genuine and impostor scores (ISO/IEC 19795-1)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Genuine and impostor similarities, float64 each, higher is more alike; -inf for a failed extraction."""

    genuine: NDArray[np.float64]
    impostor: NDArray[np.float64]

    def fnmr_at(self, fmr: float) -> float:
        """The share of genuine pairs rejected at the lowest threshold that matches at most `fmr` of impostor pairs."""
        allowed = int(fmr * len(self.impostor) + 1e-9)
        # with `allowed` impostors above it, the next one must be rejected: accept only what beats it
        bar = np.partition(self.impostor, -allowed - 1)[-allowed - 1] if allowed < len(self.impostor) else -np.inf
        return float(np.mean(~(self.genuine > bar)))

    def eer(self) -> float:
        """The equal error rate: where both rates cross, linear between the two thresholds around the crossing."""
        bars = np.unique(np.concatenate([self.genuine, self.impostor]))
        genuine, impostor = np.sort(self.genuine), np.sort(self.impostor)
        fnmr = np.searchsorted(genuine, bars, side="right") / len(genuine)
        fmr = 1.0 - np.searchsorted(impostor, bars, side="right") / len(impostor)
        fnmr, fmr = np.concatenate([[0.0], fnmr]), np.concatenate([[1.0], fmr])
        after = int(np.argmax(fnmr >= fmr))
        gap_before, gap_after = fmr[after - 1] - fnmr[after - 1], fnmr[after] - fmr[after]
        share = gap_before / (gap_before + gap_after)
        return float(fnmr[after - 1] + share * (fnmr[after] - fnmr[after - 1]))
