"""The picture of an eye at one glance: skin, white, iris, pupil, lids, reflections."""

import cv2
import numpy as np

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.eye import Eye, Glance
from rekam.abis.synthetic.fields import Field, smooth_field, smooth_step
from rekam.abis.synthetic.iris_texture import ring_noise
from rekam.abis.synthetic.lashes import draw_lashes
from rekam.abis.synthetic.lids import Lids


def picture(eye: Eye, glance: Glance, texture: Field, rng: np.random.Generator) -> np.ndarray:
    """Grey levels, uint8 of `parameters.EYE_SHAPE`; `texture` as `iris_texture` makes it."""
    u, v = _eye_coordinates(glance)
    lids = Lids(eye, glance)
    ball = _sclera(eye, u, v, lids, rng)
    ball = _with_iris(ball, eye, glance, texture, u, v, rng)
    open_part = lids.opening(u, v)
    view = _skin(eye, u, v, lids, rng) * (1 - open_part) + ball * open_part
    view = draw_lashes(view, eye, glance, lids, rng)
    _reflect(view, eye, glance, rng)
    return _sense(view, glance, rng)


def _eye_coordinates(glance: Glance) -> tuple[Field, Field]:
    """Pixels from the middle of the lids, along and across them, unscaled; two arrays (H, W)."""
    height, width = p.EYE_SHAPE
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (columns - glance.centre[0]) / glance.scale, (rows - glance.centre[1]) / glance.scale
    cosine, sine = np.float32(np.cos(glance.tilt)), np.float32(np.sin(glance.tilt))
    return x * cosine + y * sine, y * cosine - x * sine


def _skin(eye: Eye, u: Field, v: Field, lids: Lids, rng: np.random.Generator) -> Field:
    above = lids.upper(u) - v
    below = v - lids.lower(u)
    skin = eye.skin + 7 * smooth_field(rng, p.EYE_SHAPE, 60) + 2.5 * smooth_field(rng, p.EYE_SHAPE, 2.2)
    skin -= 0.12 * np.abs(u) * (u * eye.nose < 0) + 0.05 * np.abs(v)
    folds = -26 * np.exp(-(((above - 15 - 0.03 * np.abs(u)) / 3.5) ** 2))
    folds += 12 * np.exp(-(((above - 7) / 5.0) ** 2)) + 14 * np.exp(-(((below - 4) / 4.0) ** 2))
    folds -= 16 * np.exp(-(((below - 24 + 0.0006 * u**2) / 9.0) ** 2))
    folds -= 60 * np.exp(-((np.clip(above, 0, None) / 2.5) ** 2)) * (above > -3)
    return (skin + folds * smooth_step(eye.half_width * 1.12 - np.abs(u), 0, 0.25 * eye.half_width)).astype(np.float32)


def _sclera(eye: Eye, u: Field, v: Field, lids: Lids, rng: np.random.Generator) -> Field:
    shade = 1 - 0.42 * np.exp(-np.clip(v - lids.upper(u), 0, None) / 9)
    shade -= 0.15 * np.exp(-np.clip(lids.lower(u) - v, 0, None) / 5)
    white = eye.sclera - 0.0021 * u**2 + 3 * smooth_field(rng, p.EYE_SHAPE, 18)
    return (white * shade).astype(np.float32)


def _with_iris(
    ball: Field, eye: Eye, glance: Glance, texture: Field, u: Field, v: Field, rng: np.random.Generator
) -> Field:
    """Lays the iris and the pupil on the eyeball; the rubber sheet stretches the texture between their edges."""
    x, y = u - glance.gaze[0], v - glance.gaze[1]
    outer = np.hypot(x, y)
    pupil_x, pupil_y = x - glance.pupil_shift[0], y - glance.pupil_shift[1]
    inner = np.hypot(pupil_x, pupil_y)
    angle = np.arctan2(y, x)
    pupil_radius = eye.iris_radius * glance.pupil * (1 + 0.015 * np.sin(2 * angle + 0.7))
    share = (inner - pupil_radius) / np.maximum(inner - pupil_radius + eye.iris_radius - outer, 1e-3)
    # a wide pupil crowds the tissue near its edge (Wyatt 2000): bend the sheet away from linear
    share = np.clip(share, 0, 1) + p.SHEET_BEND * (glance.pupil - 0.42) * np.sin(np.pi * np.clip(share, 0, 1))
    pattern = _unrolled(texture + p.TEXTURE_CHANGE * ring_noise(rng, 4, 4), share.astype(np.float32), angle)
    level = eye.iris + p.TEXTURE_CONTRAST * pattern - 14 * smooth_step(outer, 0.86 * eye.iris_radius, eye.iris_radius)
    level *= 1 - 0.25 * np.exp(-np.clip(v + eye.upper_lid * glance.opening, 0, None) / 7)
    edge = smooth_step(eye.iris_radius - outer, -2.2, 2.2)
    ball = ball * (1 - edge) + level * edge
    hole = smooth_step(pupil_radius - inner, -0.9, 0.9)
    return (ball * (1 - hole) + p.PUPIL_LEVEL * hole).astype(np.float32)


def _unrolled(texture: Field, share: Field, angle: Field) -> Field:
    rows, columns = p.TEXTURE
    closed = np.concatenate([texture, texture[:, :2]], axis=1)
    across = ((angle / (2 * np.pi)) % 1).astype(np.float32) * columns
    return cv2.remap(closed, across, share * (rows - 1), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _reflect(view: Field, eye: Eye, glance: Glance, rng: np.random.Generator) -> None:
    """The lamps: one bright spot in the pupil, a faint one beside it, a wet gleam on the lower lid; in place."""
    spots = [((-7 + rng.normal(0, 2), 7 + rng.normal(0, 2)), (2.6, 3.8), 250.0)]
    spots.append(((6 + rng.normal(0, 3), 9 + rng.normal(0, 3)), (1.2, 1.5), 170.0))
    spots.append(((rng.normal(0, 6), eye.lower_lid * min(glance.opening, 1) - 2), (2.0, 1.2), 235.0))
    if glance.glare:
        spots += [
            ((rng.normal(0, 24), rng.normal(4, 19)), (rng.uniform(8, 18), rng.uniform(6, 13)), 255.0) for _ in range(2)
        ]
    mask = np.zeros(p.EYE_SHAPE, dtype=np.uint8)
    for (dx, dy), (a, b), level in spots:
        x = glance.centre[0] + (dx + glance.gaze[0]) * glance.scale
        y = glance.centre[1] + (dy + glance.gaze[1]) * glance.scale
        mask[:] = 0
        centre, axes = (round(x * 16), round(y * 16)), (round(a * 16), round(b * 16))
        cv2.ellipse(mask, centre, axes, 25, 0, 360, 255, -1, cv2.LINE_AA, 4)
        share = mask.astype(np.float32) / 255
        np.copyto(view, view * (1 - share) + np.float32(level) * share)


def _sense(view: Field, glance: Glance, rng: np.random.Generator) -> np.ndarray:
    """Lens, uneven lamp, sensor noise, eight bits."""
    if glance.motion:
        size = int(glance.motion) | 1
        view = cv2.blur(view, (size, 1))
    view = cv2.GaussianBlur(view, (0, 0), glance.blur)
    lamp = np.linspace(rng.uniform(0.93, 1.07), rng.uniform(0.93, 1.07), p.EYE_SHAPE[1], dtype=np.float32)
    view = view * lamp + rng.normal(0, p.EYE_NOISE, p.EYE_SHAPE).astype(np.float32)
    return np.clip(view, 0, 255).astype(np.uint8)
