"""A hand that does not exist, held up to a camera, with or without all of its fingers."""

from collections.abc import Collection

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.synthetic.streams import stream

__all__ = ["draw_hand"]

_SHAPE = (800, 640, 3)
_FINGERS = (
    (1, 150, 470, 70, 205),
    (2, 232, 330, 84, 90),
    (3, 322, 310, 86, 55),
    (4, 410, 330, 82, 95),
    (5, 490, 380, 72, 190),
)
"""Of a right palm: number from the thumb on, x and y of the root, width, y of the tip."""
_STUMP = 60


def draw_hand(seed: int, *, right: bool, missing: Collection[int] = ()) -> NDArray[np.uint8]:
    """RGB, 640 x 800: an open hand before a grey wall; of `missing` fingers (1 thumb to 5) only the root is there."""
    rng = stream(seed, "hand", int(right))
    skin = np.array([224, 172, 140]) * rng.uniform(0.45, 1.0)
    picture = np.full(_SHAPE, 205, np.uint8)
    tone, line = tuple(float(part) for part in skin), tuple(float(part) for part in skin * 0.72)
    cv2.ellipse(picture, (360, 520), (175, 215), 0, 0, 360, tone, -1, cv2.LINE_AA)
    cv2.rectangle(picture, (275, 640), (455, 800), tone, -1)
    for number, x, y, width, tip in _FINGERS:
        end = (x - 40 if number == 1 else x, max(tip, y - _STUMP) if number in missing else tip)
        cv2.line(picture, (x + (60 if number == 1 else 0), y), end, tone, width, cv2.LINE_AA)
        if number not in missing:
            for share in (0.35, 0.65):
                at = (round(x + share * (end[0] - x)), round(y + share * (end[1] - y)))
                cv2.line(picture, (at[0] - width // 3, at[1]), (at[0] + width // 3, at[1] + 3), line, 3, cv2.LINE_AA)
    for bow in (60, 110, 150):
        cv2.ellipse(picture, (360, 470), (bow + 20, bow), 20, 10, 150, line, 3, cv2.LINE_AA)
    noise = rng.normal(0, 4, _SHAPE)
    shown = np.clip(picture + noise, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(shown if right else shown[:, ::-1])
