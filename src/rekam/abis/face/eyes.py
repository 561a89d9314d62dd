"""Where the two eyes are in a found face, by OpenCV's own cascade, and how far the head leans."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from cv2.data import haarcascades

from rekam.abis.face import parameters as p
from rekam.abis.face.detect import Face
from rekam.abis.face.read import Photo

_ONE_AT_A_TIME = Lock()  # as in ``detect``


@dataclass(frozen=True, slots=True)
class Eyes:
    """Middles of the eyes as (x, y) in pixels of the photo; `left` is left in the picture."""

    left: tuple[float, float]
    right: tuple[float, float]

    @property
    def roll(self) -> float:
        """Degrees that the line of the eyes falls to the right."""
        return math.degrees(math.atan2(self.right[1] - self.left[1], self.right[0] - self.left[0]))


def find_eyes(photo: Photo, face: Face) -> Eyes | None:
    """The two eyes of `face`, or None where one of them is hidden."""
    height, width = photo.shape[:2]
    left, right = np.clip([face.x, face.x + face.size], 0, width).astype(int)
    top, bottom = np.clip([face.y, face.y + p.EYES_REACH * face.size], 0, height).astype(int)
    zoom = p.EYES_FACE / face.size
    part = cv2.cvtColor(photo[top : max(bottom, top + 1), left : max(right, left + 1)], cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(part, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR)
    if min(grey.shape[:2]) < p.LEAST_EYE:
        return None
    with _ONE_AT_A_TIME:
        boxes = _cascade().detectMultiScale(grey, 1.05, p.EYE_NEIGHBOURS, minSize=(p.LEAST_EYE, p.LEAST_EYE))
    middles = [(left + (x + w / 2) / zoom, top + (y + h / 2) / zoom) for x, y, w, h in boxes]
    lefts = [eye for eye in middles if eye[0] < face.middle]
    rights = [eye for eye in middles if eye[0] >= face.middle]
    if not lefts or not rights:
        return None
    # brows and nostrils are taken for eyes at times: those nearest to where eyes lie are meant
    one, other = (min(side, key=lambda eye: abs(eye[1] - face.eyes)) for side in (lefts, rights))
    return Eyes((float(one[0]), float(one[1])), (float(other[0]), float(other[1])))


@cache
def _cascade() -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(haarcascades) / p.EYE_CASCADE))
