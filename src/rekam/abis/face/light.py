"""Sharpness, brightness and contrast of the face."""

from dataclasses import dataclass

import cv2
import numpy as np

from rekam.abis.face import parameters as p
from rekam.abis.face.detect import Face
from rekam.abis.face.read import Photo


@dataclass(frozen=True, slots=True)
class Light:
    """Measured on the face alone: variance of the Laplacian, mean and deviation in grey levels, shares 0-1."""

    sharpness: float
    brightness: float
    contrast: float
    black: float
    white: float


def measure_light(photo: Photo, face: Face) -> Light:
    """The light on `face`, its box narrowed so that hair and background stay out."""
    height, width = photo.shape[:2]
    left, right = np.clip([face.x + 0.15 * face.size, face.x + 0.85 * face.size], 0, width).astype(int)
    top, bottom = np.clip([face.y + 0.12 * face.size, face.y + 0.95 * face.size], 0, height).astype(int)
    grey = cv2.cvtColor(photo[top : max(bottom, top + 1), left : max(right, left + 1)], cv2.COLOR_RGB2GRAY)
    zoom = p.SHARP_FACE / face.size
    method = cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR
    small = cv2.resize(grey, None, fx=zoom, fy=zoom, interpolation=method).astype(np.float32)
    # a light blur first, so that sensor noise does not pass for sharpness
    edges = cv2.Laplacian(cv2.GaussianBlur(small, (0, 0), 0.8), cv2.CV_32F)
    return Light(
        sharpness=float(edges.var()),
        brightness=float(small.mean()),
        contrast=float(small.std()),
        black=float(np.mean(grey < 8)),
        white=float(np.mean(grey > 250)),
    )
