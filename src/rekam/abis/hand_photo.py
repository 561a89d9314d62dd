"""The photo of a hand: can an expert see on it why a finger was left out. It is looked at by people, never compared."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from rekam.abis.face.read import Photo, read_photo

__all__ = ["HandPhoto", "check_hand"]

_LEAST_SIDE: Final = 480
"""Pixels of the shorter side: a fingertip then has some 60."""
_SIDE: Final = 480
"""The shorter side is brought to this many pixels before sharpness is measured."""
_SHARP: Final = 2.0
"""Variance of the Laplacian: drawn hands have 4 to 25, blurred by 0.6 % of the side 0.1 to 0.6 (measured)."""
_DARK, _BRIGHT = 50.0, 230.0
"""Mean grey of the whole picture."""
_MARK: Final = 0.35
"""What each fault leaves of the score."""


@dataclass(frozen=True, slots=True)
class HandPhoto:
    """`score` 0-100, `reasons` what lowered it."""

    score: int
    reasons: tuple[str, ...]


def check_hand(photo: bytes | Photo) -> HandPhoto:
    """Light, sharpness and size alone: no hand is looked for, because one without fingers would not be found.

    Raises what `read_photo` raises.
    """
    grey = cv2.cvtColor(read_photo(photo), cv2.COLOR_RGB2GRAY)
    side = min(grey.shape)
    small = cv2.resize(grey, None, fx=_SIDE / side, fy=_SIDE / side, interpolation=cv2.INTER_AREA)
    light = float(small.mean())
    edges = cv2.Laplacian(cv2.GaussianBlur(small.astype(np.float32), (0, 0), 0.8), cv2.CV_32F)
    told = {
        "low-resolution": side < _LEAST_SIDE,
        "too-dark": light < _DARK,
        "too-bright": light > _BRIGHT,
        "blurred": float(edges.var()) < _SHARP,
    }
    reasons = tuple(reason for reason, wrong in told.items() if wrong)
    return HandPhoto(round(100 * _MARK ** len(reasons)), reasons)
