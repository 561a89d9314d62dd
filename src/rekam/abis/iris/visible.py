"""Which part of the strip shows iris: not lids, lashes, sclera or reflections.

The iris' own brightness is a smooth surface round the strip (a few harmonics, fitted robustly from the sides, where
lids rarely reach); what is much brighter is skin or a lamp, what is much darker is a lash or its shadow. After
Kong and Zhang 2003 (lashes by intensity) and OSIRIS 4.1 (adaptive threshold), with the surface in place of one mean.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p

_WRAP = 32


def _surface_basis() -> NDArray[np.float64]:
    """[STRIP_ROWS, STRIP_COLUMNS, K]: harmonics round the strip; slope and bend from pupil to limbus."""
    angles = np.arange(p.STRIP_COLUMNS) * (2 * np.pi / p.STRIP_COLUMNS)
    outwards = np.linspace(-1.0, 1.0, p.STRIP_ROWS)[:, None]
    round_about = [np.ones((1, p.STRIP_COLUMNS))]
    for order in range(1, p.LEVEL_HARMONICS + 1):
        round_about += [np.cos(order * angles)[None], np.sin(order * angles)[None]]
    surfaces = [np.ones_like(outwards) * wave for wave in round_about]
    surfaces += [outwards * wave for wave in round_about[:3]]
    surfaces.append(outwards**2 * round_about[0])
    return np.stack(surfaces, axis=2)


_BASIS = _surface_basis()
_THIN = (slice(None, None, 2), slice(None, None, 4))


def _first_weights() -> NDArray[np.float64]:
    """How far each pixel [STRIP_ROWS, STRIP_COLUMNS] is trusted to show iris before anything is known of the image."""
    angles = np.arange(p.STRIP_COLUMNS) * (2 * np.pi / p.STRIP_COLUMNS)
    sides = np.abs(np.cos(angles)) > p.SIDE_COSINE
    below = np.sin(angles) > p.BELOW_SINE
    weights = np.zeros((p.STRIP_ROWS, p.STRIP_COLUMNS))
    weights[6:52] = np.where(sides, 1.0, p.LID_TRUST)
    weights[6:44, below] = p.BELOW_TRUST
    return weights


_FIRST_WEIGHTS = _first_weights()


@dataclass(frozen=True, slots=True)
class Visible:
    """`pixels` bool [STRIP_ROWS, STRIP_COLUMNS], true where the strip shows iris.

    `level` is the iris' median brightness, `spread` its texture's standard deviation, both in grey levels.
    """

    pixels: NDArray[np.bool_]
    level: float
    spread: float


def visible_iris(strip: NDArray[np.float32], unseen: NDArray[np.bool_], covered: NDArray[np.bool_]) -> Visible:
    """What of the strip shows iris; not `unseen` pixels (reflections, beyond the image) nor `covered` ones (lids).

    All three are [STRIP_ROWS, STRIP_COLUMNS]; `strip` holds grey levels, 0 to 255.
    """
    unseen = unseen | covered
    level, spread = _iris_level(strip, unseen)
    off: NDArray[Any] = ((strip > level + p.LID_ABOVE * spread) | (strip < level - p.LASH_BELOW * spread)).astype(
        np.uint8
    )
    off = np.concatenate([off[:, -_WRAP:], off, off[:, :_WRAP]], axis=1)
    off = cv2.morphologyEx(off, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    gap = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, p.LASH_GAP[::-1])
    off = cv2.morphologyEx(off, cv2.MORPH_CLOSE, gap)
    off = cv2.dilate(off, np.ones(p.OCCLUSION_MARGIN, np.uint8))[:, _WRAP:-_WRAP]
    return Visible((off == 0) & ~unseen, float(np.median(level)), spread)


def _iris_level(strip: NDArray[np.float32], unseen: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """The iris' smooth brightness [STRIP_ROWS, STRIP_COLUMNS] and the spread of its texture around it."""
    basis = _BASIS[_THIN].reshape(-1, _BASIS.shape[2])
    grey = strip[_THIN].ravel().astype(np.float64)
    trust = (_FIRST_WEIGHTS * ~unseen)[_THIN].ravel()
    sides = trust == 1.0
    level: NDArray[Any] = np.full_like(grey, np.median(grey[sides]) if sides.any() else np.median(grey))
    spread = _spread((grey - level)[sides])
    stiffness = np.full(basis.shape[1], p.LEVEL_STIFFNESS)
    stiffness[0] = 0.0
    factors: NDArray[Any] = np.zeros(basis.shape[1])
    for turn in range(p.LEVEL_ROUNDS):
        error = (grey - level) / (spread * (4.5 if turn < 2 else 3.0))
        weights = trust * np.where(np.abs(error) < 1, (1 - error**2) ** 2, 0.0)
        normal = basis.T @ (basis * weights[:, None]) + np.diag(stiffness * weights.sum() + 1e-6)
        factors = np.linalg.solve(normal, basis.T @ (weights * grey))
        level = np.asarray(basis @ factors)
        spread = _spread((grey - level)[weights > 0])
    return _BASIS @ factors, spread


def _spread(errors: NDArray[np.float64]) -> float:
    """Standard deviation by the median absolute deviation, within bounds."""
    if not errors.size:
        return p.LEVEL_SPREAD[1]
    return float(np.clip(1.4826 * np.median(np.abs(errors)), *p.LEVEL_SPREAD))
