"""A plain eye with known circles, drawn for the tests of the steps; people come from `rekam.abis.synthetic`."""

import cv2
import numpy as np

from rekam.abis.image import GreyImage

HEIGHT, WIDTH = 240, 320


def drawn_eye(
    seed=0, *, pupil=(160.0, 120.0, 22.0), limbus=(161.0, 120.0, 55.0), turn=0.0, lid=None, lamp=None, noise=2.0
):
    """Grey eye: circles as (x, y, radius), `turn` in degrees clockwise, `lid` the row down to which skin reaches,
    `lamp` the centre of a bright reflection."""
    picture = np.random.default_rng([seed, 1])
    grain = np.random.default_rng([seed, round(abs(turn) * 10), 2])
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    from_limbus = np.hypot(x - limbus[0], y - limbus[1])
    from_pupil = np.hypot(x - pupil[0], y - pupil[1])
    angle = np.arctan2(y - pupil[1], x - pupil[0]) - np.deg2rad(turn)
    share = np.clip((from_pupil - pupil[2]) / np.maximum(limbus[2] - pupil[2], 1), 0, 1)
    texture = np.zeros_like(x)
    for waves in range(2, 26):
        phase, bend, size = picture.uniform(0, 2 * np.pi), picture.uniform(-9, 9), picture.uniform(2, 5)
        texture += size * np.cos(waves * angle + phase + bend * share)
    grey = np.full((HEIGHT, WIDTH), 190.0)
    grey = np.where(from_limbus < limbus[2], 105.0 + texture, grey)
    grey = np.where(from_pupil < pupil[2], 18.0, grey)
    if lid is not None:
        grey = np.where(y < lid + 0.002 * (x - limbus[0]) ** 2, 205.0, grey)
    grey = cv2.GaussianBlur(grey, (0, 0), 0.9)
    if lamp is not None:
        grey = np.where(np.hypot(x - lamp[0], y - lamp[1]) < 4, 255.0, grey)
    grey += grain.normal(0, noise, grey.shape)
    return GreyImage(np.clip(grey, 0, 255).astype(np.uint8))
