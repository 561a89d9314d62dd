"""Finding faces with the cascade of Viola and Jones that OpenCV brings along."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import cv2
from cv2.data import haarcascades

from rekam.abis.face import parameters as p
from rekam.abis.face.read import Photo

_ONE_AT_A_TIME = Lock()  # a classifier keeps its working image inside


@dataclass(frozen=True, slots=True)
class Face:
    """A square face box in pixels of the photo; `x`, `y` its upper left corner."""

    x: float
    y: float
    size: float

    @property
    def middle(self) -> float:
        """Where the line down the nose runs."""
        return self.x + self.size / 2

    @property
    def eyes(self) -> float:
        """Height of the line of the eyes."""
        return self.y + p.EYES * self.size

    @property
    def crown(self) -> float:
        """Height of the top of the skull, under the hair."""
        return self.y + p.CROWN * self.size

    @property
    def chin(self) -> float:
        """Height of the chin."""
        return self.y + p.CHIN * self.size


def find_faces(photo: Photo) -> tuple[Face, ...]:
    """All upright frontal faces of an RGB photo, the largest first."""
    height, width = photo.shape[:2]
    if min(height, width) < 24:  # the cascade's own window
        return ()
    scale = p.SEARCH_SIDE / max(height, width)
    size = (max(24, round(width * scale)), max(24, round(height * scale)))
    grey = cv2.resize(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
    least = max(24, round(p.LEAST_FACE * min(size)))
    # no histogram equalisation: the cascade normalises each window itself, and a plain wall spoils it (measured)
    with _ONE_AT_A_TIME:
        boxes = _cascade().detectMultiScale(grey, p.SCALE_STEP, p.NEIGHBOURS, minSize=(least, least))
    faces = [Face(float(x) / scale, float(y) / scale, float(side) / scale) for x, y, side, _ in boxes]
    return tuple(sorted(faces, key=lambda face: -face.size))


@cache
def _cascade() -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(haarcascades) / p.CASCADE))
