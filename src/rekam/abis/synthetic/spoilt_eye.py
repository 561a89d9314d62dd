"""An eye with one thing wrong with it, as little or as badly as asked."""

import dataclasses
import math
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.image import GreyImage
from rekam.abis.synthetic import spoilt_eye_parameters as p
from rekam.abis.synthetic.eye import Eye, Glance, draw_eye, draw_glance
from rekam.abis.synthetic.eye_picture import picture
from rekam.abis.synthetic.eye_truth import EyeTruth, eye_truth
from rekam.abis.synthetic.iris_texture import iris_texture
from rekam.abis.synthetic.streams import stream

EyeFlaw = Literal[
    "lids", "blur", "faint", "off-centre", "dilated", "constricted", "far", "motion", "aside", "lens", "glasses"
]
"""Drooping lids, out of focus, an iris as light as the white, cut by the border, a wide or narrow pupil, too far away,
moved, looking aside, a printed contact lens, a lamp in the glasses."""
EYE_FLAWS: tuple[EyeFlaw, ...] = get_args(EyeFlaw)


def spoilt_eye(seed: int, side: int, flaw: EyeFlaw, strength: float) -> GreyImage:
    """The eye of `Person(seed)`, 320 x 240, at the same moment for every flaw and strength (0 none, 1 worst)."""
    rng = stream(seed, "iris", side, "spoilt")
    eye, glance = draw_eye(seed, side), draw_glance(rng, None)
    eye, glance = _changed(eye, glance, flaw, strength)
    pixels = picture(eye, glance, iris_texture(seed, side), rng)
    spoilt = _after(pixels, eye_truth(eye, glance), flaw, strength)
    spoilt.setflags(write=False)
    return GreyImage(spoilt)


def _changed(eye: Eye, glance: Glance, flaw: EyeFlaw, strength: float) -> tuple[Eye, Glance]:
    def towards(usual: float, worst: float) -> float:
        return usual + strength * (worst - usual)

    match flaw:
        case "faint":
            eye = dataclasses.replace(eye, iris=towards(eye.iris, p.FAINTEST * eye.sclera))
        case "lids":
            glance = dataclasses.replace(glance, opening=towards(glance.opening, p.LEAST_OPENING))
        case "blur":
            glance = dataclasses.replace(glance, blur=towards(glance.blur, p.MOST_BLUR))
        case "dilated":
            glance = dataclasses.replace(glance, pupil=towards(glance.pupil, p.WIDEST_PUPIL))
        case "constricted":
            glance = dataclasses.replace(glance, pupil=towards(glance.pupil, p.NARROWEST_PUPIL))
        case "motion":
            glance = dataclasses.replace(glance, motion=strength * p.MOST_MOTION)
        case _:
            pass
    return eye, glance


def _after(pixels: NDArray[np.uint8], truth: EyeTruth, flaw: EyeFlaw, strength: float) -> NDArray[np.uint8]:
    """What comes between eye and sensor, or where the sensor stands."""
    height, width = pixels.shape
    x, y, radius = truth.limbus
    match flaw:
        case "off-centre":
            move = np.array([[1, 0, -strength * (x - p.CUT * radius)], [0, 1, 0]])
        case "far":
            scale = 1 - strength * (1 - p.FARTHEST)
            move = np.array([[scale, 0, (1 - scale) * x], [0, scale, (1 - scale) * y]])
        case "aside":
            narrowed = math.cos(math.radians(strength * p.FARTHEST_ASIDE))
            move = np.array([[narrowed, 0, (1 - narrowed) * x], [0, 1, 0]])
        case "lens":
            return _with_lens(pixels, truth, strength)
        case "glasses":
            size = round(strength * p.WIDEST_GLARE * radius)
            centre = (round(x + 0.2 * radius), round(y + 0.6 * radius))
            return np.asarray(
                cv2.ellipse(pixels.copy(), centre, (round(1.6 * size), size), 20, 0, 360, 255, -1), np.uint8
            )
        case _:
            return pixels
    return np.asarray(cv2.warpAffine(pixels, move, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _with_lens(pixels: NDArray[np.uint8], truth: EyeTruth, strength: float) -> NDArray[np.uint8]:
    """Printed dots in rings over the outer half of the iris."""
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]].astype(np.float32)
    x, y, radius = truth.limbus
    out = np.hypot(columns - x, rows - y)
    angle = np.arctan2(rows - y, columns - x)
    dots = np.cos(angle * p.LENS_SPOKES) * np.cos(out * (2 * np.pi / p.LENS_RING)) > 0.3
    print_ = np.where(dots & (out > 0.5 * radius) & (out < 0.97 * radius), strength * p.LENS_DEPTH, 0.0)
    return np.clip(pixels - cv2.GaussianBlur(print_, (0, 0), 0.7), 0, 255).astype(np.uint8)
