"""Lashes: dark curved hairs along both lids, drawn at twice the size for clean thin lines."""

import cv2
import numpy as np

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.eye import Eye, Glance
from rekam.abis.synthetic.fields import Field
from rekam.abis.synthetic.lids import Lids


def draw_lashes(view: Field, eye: Eye, glance: Glance, lids: Lids, rng: np.random.Generator) -> Field:
    """`view` with the lashes over it; same shape."""
    height, width = p.EYE_SHAPE
    mask = np.zeros((height * 2, width * 2), dtype=np.uint8)
    for hair in _hairs(eye, lids, rng):
        points = _to_picture(hair, glance) * 2
        for start, thickness in ((0, 3), (5, 1)):
            line = np.round(points[start : start + 6] * 16).astype(np.int32)
            cv2.polylines(mask, [line], False, 255, thickness, cv2.LINE_AA, 4)
    share = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return view * (1 - np.float32(0.85) * share) + np.float32(p.LASH_LEVEL * 0.85) * share


def _hairs(eye: Eye, lids: Lids, rng: np.random.Generator) -> list[np.ndarray]:
    """Each hair as 11 points (along, across) in eye pixels, root first."""
    hairs = []
    bend = np.linspace(0, 1, 11)[:, None]
    for upper, count in ((True, eye.lashes), (False, eye.lashes // 2)):
        for place in np.sort(rng.uniform(-0.86, 0.9, count)):
            u = -eye.nose * place * eye.half_width
            v = float((lids.upper if upper else lids.lower)(np.array(u, dtype=np.float32)))
            length = eye.lash_length * rng.uniform(0.6, 1.15) * (1.0 if upper else 0.55) * (0.75 + 0.35 * place)
            aside = -eye.nose * (0.75 * place + rng.normal(0, 0.16)) * length
            # upper lashes hang down before the eye and turn up at the tip; lower ones point down
            tip = rng.uniform(-0.35, 0.55) * length if upper else length
            middle = (aside * 0.45, 0.5 * length if upper else 0.45 * length)
            root = np.array([[u, v]])
            curve = 2 * bend * (1 - bend) * np.array([middle]) + bend**2 * np.array([[aside, tip]])
            hairs.append(root + curve)
    return hairs


def _to_picture(points: np.ndarray, glance: Glance) -> np.ndarray:
    cosine, sine = np.cos(glance.tilt), np.sin(glance.tilt)
    turned = points @ np.array([[cosine, sine], [-sine, cosine]])
    return turned * glance.scale + np.array(glance.centre)
