"""The texture of one iris, unrolled: rows from pupil to white of the eye, columns once around."""

from functools import lru_cache

import cv2
import numpy as np

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.fields import Field
from rekam.abis.synthetic.streams import stream


@lru_cache(maxsize=64)
def iris_texture(seed: int, side: int) -> Field:
    """Brightness about 0, deviation about 1; shape `parameters.TEXTURE`, read-only; `side` 1 right, 2 left.

    Radial fibres at several scales (each band longer along the radius than around, as measured in
    Daugman, "How iris recognition works", IEEE TCSVT 14, 2004, where bits agree along radii), the
    bright zigzag of the collarette, crypts beside it, contraction furrows outside.
    """
    rng = stream(seed, "iris", side)
    texture = np.zeros(p.TEXTURE, dtype=np.float32)
    for radial, angular, share in p.TEXTURE_BANDS:
        texture += np.float32(share * rng.uniform(0.8, 1.2)) * ring_noise(rng, radial, angular)
    radius = np.linspace(0, 1, p.TEXTURE[0], dtype=np.float32)[:, None]
    collarette = rng.uniform(0.24, 0.36) + 0.035 * ring_noise(rng, 40, 9)[:1]
    texture += np.float32(0.9) * np.exp(-(((radius - collarette) / 0.06) ** 2))
    furrows = np.cos(2 * np.pi * (radius * rng.uniform(5, 8) + 0.35 * ring_noise(rng, 30, 40)))
    texture += np.float32(0.35) * furrows * (radius > 0.5) * np.clip(ring_noise(rng, 20, 30), 0, None)
    texture += _crypts(rng, float(np.mean(collarette)))
    texture = (texture - texture.mean()) / texture.std()
    texture.setflags(write=False)
    return texture


def ring_noise(rng: np.random.Generator, radial: float, angular: float) -> Field:
    """Unit noise, smooth over `radial` rows and `angular` columns, closed around; shape `parameters.TEXTURE`."""
    columns = p.TEXTURE[1]
    reach = columns // 4
    noise = np.pad(rng.standard_normal(p.TEXTURE, dtype=np.float32), ((0, 0), (reach, reach)), mode="wrap")
    smooth = cv2.GaussianBlur(noise, (0, 0), sigmaX=angular, sigmaY=radial)[:, reach : reach + columns]
    return (smooth - smooth.mean()) / np.float32(max(float(smooth.std()), 1e-6))


def _crypts(rng: np.random.Generator, collarette: float) -> Field:
    """Dark pits scattered about the collarette."""
    rows, columns = p.TEXTURE
    pits = np.zeros(p.TEXTURE, dtype=np.float32)
    for _ in range(int(rng.integers(*p.CRYPTS))):
        x, y = int(rng.integers(columns)), int(rows * (collarette + rng.normal(0.12, 0.12)))
        axes = (int(rng.integers(3, 9)), int(rng.integers(2, 7)))
        turn, depth = float(rng.normal(0, 15)), float(rng.uniform(-2.2, -0.8))
        for around in (-columns, 0, columns):
            cv2.ellipse(pits, (x + around, y), axes, turn, 0, 360, depth, -1)
    return cv2.GaussianBlur(pits, (0, 0), 1.5)
