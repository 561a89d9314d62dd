"""The colour behind the head: red for odd birth years, blue for even ones."""

import cv2
import numpy as np

from rekam.abis.face import parameters as p
from rekam.abis.face.detect import Face
from rekam.abis.face.read import Background, Photo


def background_share(photo: Photo, face: Face, expected: Background) -> float:
    """How much of what lies beside and above the head, 0 to 1, has the expected colour.

    1 where the head fills the picture and nothing of the background can be seen.
    """
    step = max(1, max(photo.shape[:2]) // p.BACKGROUND_SIDE)
    sample = photo[::step, ::step]
    behind = sample[_behind(sample, Face(face.x / step, face.y / step, face.size / step))]
    if not len(behind):
        return 1.0
    hsv = cv2.cvtColor(behind[None].astype(np.float32) / 255, cv2.COLOR_RGB2HSV)[0]
    hue, saturation, value = hsv[:, 0], hsv[:, 1], hsv[:, 2]
    start, end = p.HUES[expected]
    matches = (hue >= start) & (hue <= end) if start <= end else (hue >= start) | (hue <= end)
    return float(np.mean(matches & (saturation >= p.LEAST_SATURATION) & (value >= p.LEAST_VALUE)))


def _behind(photo: Photo, face: Face) -> np.ndarray:
    """Bool (H, W): above the chin, outside an ellipse that leaves room for hair, ears and headscarf."""
    height, width = photo.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width]
    middle = (face.crown + face.chin) / 2
    across = (columns - face.middle) / (0.72 * face.size)
    down = (rows - middle) / (0.85 * face.size)
    beside = (across**2 + down**2 > 1) & (rows < middle)
    return np.asarray(beside | ((np.abs(across) > 1) & (rows < face.chin - 0.15 * face.size) & (rows >= middle)))
