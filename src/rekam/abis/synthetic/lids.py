"""The two lid edges as curves over the eye's width."""

import numpy as np

from rekam.abis.synthetic.eye import Eye, Glance
from rekam.abis.synthetic.fields import Field, smooth_step


class Lids:
    """Heights of the lid edges above (negative) and below the line between the corners, in pixels."""

    def __init__(self, eye: Eye, glance: Glance) -> None:
        self._eye = eye
        self._rise = eye.upper_lid * glance.opening
        self._sag = eye.lower_lid * (0.8 + 0.2 * glance.opening)
        if glance.opening < 0.6:
            # a closing eye: the upper lid comes down past the middle, the lower one rises a little
            self._rise = eye.upper_lid * (2 * glance.opening - 0.6)

    def upper(self, u: Field) -> Field:
        """Where the upper lid ends, at `u` pixels along the eye."""
        return self._corner_line(u) - np.float32(self._rise) * self._arch(u, 0.12)

    def lower(self, u: Field) -> Field:
        """Where the lower lid begins."""
        return self._corner_line(u) + np.float32(self._sag) * self._arch(u, -0.10)

    def opening(self, u: Field, v: Field) -> Field:
        """1 between the lids, 0 on the skin, soft over two pixels."""
        inside = np.minimum(v - self.upper(u), self.lower(u) - v)
        corners = 0.4 * (np.float32(self._eye.half_width) - np.abs(u))
        return smooth_step(np.minimum(inside, corners), -1.0, 1.2)

    def _corner_line(self, u: Field) -> Field:
        return np.float32(4) + u * np.float32(self._eye.nose * self._eye.slant)

    def _arch(self, u: Field, lean: float) -> Field:
        """1 in the middle, 0 at the corners; `lean` moves the highest point towards the nose."""
        t = np.clip(u / np.float32(self._eye.half_width), -1, 1)
        t = np.clip(t - np.float32(lean * self._eye.nose) * (1 - t * t), -1, 1)
        return (1 - t * t) ** np.float32(0.85)
