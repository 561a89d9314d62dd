"""The lids: two curves that part skin from iris, found by what lies on either side of them, not by an edge alone.

Lashes, shadow and a wet rim break the edge between lid and iris, and on some cameras skin is as bright as the iris.
So each pixel of the iris' disc is asked how much more it looks like the skin beyond the disc (which includes lashes)
than like the iris beside the pupil; the lid is the parabola with most of that evidence behind it. The sum over a
region is free of the choice of an edge; parabolas as in Daugman 2004 (section II).
"""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.circle import Circle

_ACROSS = np.linspace(-1.0, 1.0, p.LID_COLUMNS)
_DOWN = np.linspace(-p.LID_REACH, p.LID_REACH, p.LID_ROWS)
_GREYS = np.arange(256)


@dataclass(frozen=True, slots=True)
class Lids:
    """Both lid edges as parabolas over the limbus' circle: y = a + b x + c x², in radii from its centre, y down.

    `level` and `spread`: median and standard deviation of the iris beside the pupil, grey levels. What lies above
    `upper` and below `lower`, (a, b, c) each, is covered.
    """

    limbus: Circle
    upper: tuple[float, float, float]
    lower: tuple[float, float, float]
    level: float
    spread: float

    def covers(self, points: NDArray[Any], margin: float = 0.0) -> NDArray[np.bool_]:
        """Bool [...]: which of the points [..., 2] (x, y on the working image) lie under a lid or within `margin`."""
        x = (points[..., 0] - self.limbus.x) / self.limbus.radius
        y = (points[..., 1] - self.limbus.y) / self.limbus.radius
        above, below = (a + b * x + c * x * x for a, b, c in (self.upper, self.lower))
        return np.asarray((y < above + margin) | (y > below - margin))


def _curves() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Parabolas (a, b, c) of an upper lid [K, 3] and the row of the grid that each reaches in each column, [K, U]."""
    factors = np.stack(np.meshgrid(p.LID_HEIGHTS, p.LID_SLOPES, p.LID_BENDS, indexing="ij"), axis=-1).reshape(-1, 3)
    heights = factors @ np.stack([np.ones_like(_ACROSS), _ACROSS, _ACROSS**2])
    rows = np.rint((heights + p.LID_REACH) / (2 * p.LID_REACH) * (p.LID_ROWS - 1)).astype(np.int64)
    return factors, np.clip(rows, 0, p.LID_ROWS - 1)


_FACTORS, _ROWS = _curves()
_PRIOR = p.LID_BEND_COST * np.abs(_FACTORS[:, 2] - p.LID_USUAL_BEND) + p.LID_SLOPE_COST * np.abs(_FACTORS[:, 1])


def lids_of(grey: NDArray[np.float32], pupil: Circle, limbus: Circle) -> Lids:
    """The lids of an eye on the working image float32 [H, W]; where none is seen they pass outside the limbus."""
    x = (limbus.x + limbus.radius * _ACROSS[None] * np.ones((p.LID_ROWS, 1))).astype(np.float32)
    y = (limbus.y + limbus.radius * _DOWN[:, None] * np.ones((1, p.LID_COLUMNS))).astype(np.float32)
    seen = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    patch = np.asarray(cv2.blur(seen, (3, 3)), np.float32)
    from_pupil = np.hypot(x - pupil.x, y - pupil.y) / pupil.radius
    from_limbus = np.hypot(_ACROSS[None], _DOWN[:, None])
    inside = from_limbus < p.LID_DISC
    beside = inside & (from_pupil > p.LID_OFF_PUPIL) & (np.abs(_DOWN)[:, None] < p.LID_BESIDE)
    level = float(np.median(patch[beside])) if beside.any() else 128.0
    spread = 1.4826 * float(np.median(np.abs(patch[beside] - level))) if beside.any() else 0.0
    spread = float(np.clip(spread, *p.LID_IRIS_SPREAD))
    iris_likely = _likelihood_of_iris(patch, from_pupil, level, spread)
    lashes = p.LID_LASHES[0] * (p.LID_LASHES[1] * level > _GREYS) / max(p.LID_LASHES[1] * level, 1.0)
    edge = cv2.Sobel(cv2.GaussianBlur(patch, (0, 0), 1.0), cv2.CV_32F, 0, 1, ksize=3) / 8
    edge[~inside | (from_pupil < p.LID_OFF_PUPIL)] = 0
    curves = []
    for side in (1, -1):
        beyond = (
            (from_limbus > p.LID_SKIN[0]) & (from_limbus < p.LID_SKIN[1]) & (side * _DOWN[:, None] < -p.LID_SKIN[2])
        )
        skin = np.maximum(_smooth_shares(patch[beyond]), lashes)[np.clip(patch, 0, 255).astype(np.intp)]
        gain = np.clip(np.log(skin / iris_likely), -p.LID_EVIDENCE, p.LID_EVIDENCE) * inside
        steep = np.clip(-side * edge / p.LID_EDGE_CLIP, 0, 1) * p.LID_EDGE_WEIGHT
        # a lower lid is an upper lid turned upside down
        a, b, c = _best_curve(gain[::side], steep[::side])
        curves.append((side * a, side * b, side * c))
    return Lids(limbus, curves[0], curves[1], level, spread)


def _best_curve(gain: NDArray[np.float64], steep: NDArray[np.float64]) -> tuple[float, float, float]:
    """The parabola with the most evidence above it and along it."""
    evidence = np.vstack([np.zeros((1, p.LID_COLUMNS)), np.cumsum(gain, axis=0)[:-1]]) + steep
    totals = evidence[_ROWS, np.arange(p.LID_COLUMNS)[None]].sum(axis=1) - _PRIOR
    a, b, c = _FACTORS[int(np.argmax(totals))]
    return float(a), float(b), float(c)


def _likelihood_of_iris(
    patch: NDArray[np.float32], from_pupil: NDArray[np.float32], level: float, spread: float
) -> NDArray[np.float64]:
    """Likelihood of each pixel's grey level if no lid lies over it: the pupil's inside, the iris' elsewhere."""
    bell = np.exp(-0.5 * ((_GREYS - level) / spread) ** 2) / (spread * math.sqrt(2 * math.pi))
    shares = (1 - p.LID_FLOOR) * bell + p.LID_FLOOR / 256
    # in the pupil anything darker than iris is pupil
    within = np.where(level > _GREYS, shares.max(), shares)
    grey = np.clip(patch, 0, 255).astype(np.intp)
    return np.where(from_pupil < 1.0, within[grey], shares[grey])


def _smooth_shares(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Shares of the 256 grey levels, smoothed, with a floor so that nothing is impossible."""
    counts = np.bincount(np.clip(values, 0, 255).astype(np.intp).ravel(), minlength=256).astype(np.float64)
    smooth = cv2.GaussianBlur(counts[None], (0, 0), p.LID_GREY_SPREAD, borderType=cv2.BORDER_REPLICATE)[0]
    return np.asarray((1 - p.LID_FLOOR) * smooth / max(smooth.sum(), 1e-9) + p.LID_FLOOR / 256)
