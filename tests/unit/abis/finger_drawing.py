"""Ridge pictures whose minutiae are known: waves whose phase winds once round each minutia.

Larkin & Fletcher 2007: a print is a wave whose phase has a spiral at every minutia.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from rekam.abis.finger.template import FingerTemplate
from rekam.abis.image import GreyImage

PERIOD = 9.0


@dataclass(frozen=True)
class Spiral:
    """A minutia at (x, y), pixels at 500 dpi; `sense` +1 or -1: the additional ridge lies to its right or its left."""

    x: float
    y: float
    sense: int


def drawn(spirals, *, size=(360, 300), dpi=500.0, turned_by=0.0, seed=None):
    """A print uint8 of `size` (rows, columns) at 500 dpi, an ellipse on white, redrawn at `dpi`, turned by degrees."""
    scale = dpi / 500.0
    rows, columns = round(size[0] * scale), round(size[1] * scale)
    y, x = np.mgrid[0:rows, 0:columns] / scale
    cx, cy = size[1] / 2, size[0] / 2
    angle = np.radians(turned_by)
    u = cx + (x - cx) * np.cos(angle) + (y - cy) * np.sin(angle)
    v = cy - (x - cx) * np.sin(angle) + (y - cy) * np.cos(angle)
    # an arch whose ridges lie closer at the tip: no two places look alike, and nothing is as even as print
    down = (v - cy) - 0.0006 * (v - cy) ** 2
    phase = 2 * np.pi / PERIOD * (down + 45 * np.exp(-(((u - cx) / 80) ** 2)))
    for spiral in spirals:
        phase = phase + spiral.sense * np.arctan2(v - spiral.y, u - spiral.x)
    grey = 135 + 95 * np.cos(phase)
    finger = ((u - cx) / (cx - 12)) ** 2 + ((v - cy) / (cy - 12)) ** 2 < 1
    picture = np.where(finger, grey, 245.0)
    if seed is not None:
        picture = picture + np.random.default_rng(seed).normal(0, 12, picture.shape)
    return GreyImage(cv2.GaussianBlur(np.clip(picture, 0, 255), (0, 0), 0.7 * scale).astype(np.uint8), dpi)


def scattered(seed, count=24, size=(360, 300)):
    """Spirals thrown at random inside the ellipse, at least 24 pixels apart."""
    rng = np.random.default_rng(seed)
    chosen = []
    while len(chosen) < count:
        x, y = rng.uniform(50, size[1] - 50), rng.uniform(60, size[0] - 60)
        inside = ((x - size[1] / 2) / (size[1] / 2 - 45)) ** 2 + ((y - size[0] / 2) / (size[0] / 2 - 45)) ** 2 < 1
        if inside and all(np.hypot(x - s.x, y - s.y) > 24 for s in chosen):
            chosen.append(Spiral(float(x), float(y), int(rng.choice([-1, 1]))))
    return chosen


def template_of(x, y, direction, *, width=400, height=400):
    """A template of these minutiae, all endings of full quality."""
    count = len(x)
    return FingerTemplate(
        x=np.asarray(x, np.int16),
        y=np.asarray(y, np.int16),
        direction=np.asarray(direction, np.uint8),
        kind=np.ones(count, np.uint8),
        quality_of=np.full(count, 100, np.uint8),
        width=width,
        height=height,
        quality=100,
    )


def random_template(seed, count=30):
    """Minutiae strewn at random over 300 x 300 pixels."""
    rng = np.random.default_rng(seed)
    return template_of(rng.integers(50, 350, count), rng.integers(50, 350, count), rng.integers(0, 256, count))
