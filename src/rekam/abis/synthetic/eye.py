"""An eye before a near-infrared camera: what is the person's, and what is the moment's."""

from dataclasses import dataclass

import numpy as np

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.flaw import Flaw
from rekam.abis.synthetic.streams import stream


@dataclass(frozen=True)
class Eye:
    """What stays the same between recordings: pixels and grey levels; `nose` is -1 where it is to the left."""

    nose: int
    iris_radius: float
    half_width: float
    upper_lid: float
    lower_lid: float
    slant: float
    skin: float
    sclera: float
    iris: float
    lashes: int
    lash_length: float


@dataclass(frozen=True)
class Glance:
    """What differs: pixels, radians, and shares; `opening` 1 is wide awake."""

    centre: tuple[float, float]
    tilt: float
    scale: float
    pupil: float
    pupil_shift: tuple[float, float]
    gaze: tuple[float, float]
    opening: float
    blur: float
    motion: float
    glare: bool


def draw_eye(seed: int, side: int) -> Eye:
    """The person's eye; `side` 1 right (nose to the picture's right), 2 left. Both eyes of a person are alike."""
    face = stream(seed, "eyes")
    own = stream(seed, "eye", side)
    return Eye(
        nose=1 if side == 1 else -1,
        iris_radius=face.uniform(50, 57) + own.normal(0, 0.4),
        half_width=face.uniform(118, 138),
        upper_lid=face.uniform(50, 62),
        lower_lid=face.uniform(57, 65),
        slant=face.normal(0.03, 0.03),
        skin=face.uniform(195, 222),
        sclera=face.uniform(165, 190),
        iris=face.uniform(85, 120) + own.normal(0, 2),
        lashes=int(face.integers(70, 120)),
        lash_length=face.uniform(17, 28),
    )


def draw_glance(rng: np.random.Generator, flaw: Flaw | None) -> Glance:
    """A moment as an operator gets it, or a bad one."""
    centre = (160 + float(np.clip(rng.normal(0, 9), -22, 22)), 122 + float(np.clip(rng.normal(0, 6), -15, 15)))
    opening = rng.uniform(0.84, 1.05)
    if flaw == "partial":
        opening = rng.uniform(0.45, 0.58)
    return Glance(
        centre=centre,
        tilt=float(np.clip(np.radians(rng.normal(0, p.TILT_DEGREES)), -0.2, 0.2)),
        scale=float(rng.uniform(0.95, 1.05)),
        pupil=float(rng.uniform(*p.PUPIL_RATIO)),
        pupil_shift=(float(rng.normal(0, 1.0)), float(rng.normal(0, 1.0))),
        gaze=(float(rng.normal(0, 4)), float(rng.normal(0, 1.5))),
        opening=float(opening),
        blur=float(rng.uniform(*p.EYE_BLUR)) + (3.8 if flaw == "blur" else 0),
        motion=float(rng.uniform(9, 14)) if flaw == "blur" else 0.0,
        glare=flaw == "dry",
    )
