"""A picture whose minutiae are known, and what the network must say of it on every machine.

Straight ridges whose phase turns once around each planted point: there, and nowhere else, a ridge begins (Larkin &
Fletcher, "A coherent framework for fingerprint analysis", 2007).
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SIDE = 256
RIDGE_PERIOD = 9.0
BEND = 300.0  # ridges bow by a square over so many pixels
PLANTED = (
    (70, 60, 1),
    (150, 52, -1),
    (210, 80, 1),
    (60, 130, -1),
    (128, 128, 1),
    (190, 150, -1),
    (90, 200, 1),
    (170, 205, -1),
)
"""Column, row and sense of each turn."""

GOLDEN = (
    (151, 52, -175, True),
    (71, 59, -17, True),
    (211, 79, 30, True),
    (128, 127, 3, False),
    (61, 129, 153, False),
    (191, 149, -162, False),
    (90, 199, -10, True),
    (171, 204, -169, False),
)
"""Column, row, direction in degrees and whether it is an ending: by row, as measured at conversion."""

LIKELIHOOD_LEAST = 0.95
DIRECTION_MOST_APART = 2.0  # degrees


class Eye(Protocol):
    """What finds and reads minutiae; see `session.Sessions`."""

    def find(self, picture: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]: ...
    def read(
        self, features: NDArray[np.float32], x: NDArray[np.int64], y: NDArray[np.int64]
    ) -> NDArray[np.float32]: ...


def golden_picture() -> NDArray[np.float32]:
    """Grey levels [256, 256], ridges dark, the same on every machine."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)
    phase = 2 * np.pi * (y + (x - SIDE / 2) ** 2 / BEND) / RIDGE_PERIOD
    for column, row, sense in PLANTED:
        phase += sense * np.arctan2(y - row, x - column)
    return np.rint(127.5 + 90 * np.cos(phase)).astype(np.float32)


def sees_golden(eye: Eye) -> bool:
    """Whether exactly the golden minutiae are seen, with their directions and kinds."""
    places, features = eye.find(golden_picture())
    y, x = np.nonzero(places >= LIKELIHOOD_LEAST)
    if list(zip(x.tolist(), y.tolist(), strict=True)) != [(column, row) for column, row, _, _ in GOLDEN]:
        return False
    cosine, sine, ending = eye.read(features, x, y).T
    turned = np.degrees(np.arctan2(sine, cosine)) - np.array([direction for _, _, direction, _ in GOLDEN])
    apart = np.abs((turned + 180) % 360 - 180)
    return bool((apart <= DIRECTION_MOST_APART).all() and ((ending >= 0.5) == [kind for *_, kind in GOLDEN]).all())
