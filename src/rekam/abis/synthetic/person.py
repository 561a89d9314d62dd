"""A person who does not exist, from a number: fingers, eyes, face and signature."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rekam.abis.image import GreyImage
from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.eye import draw_eye, draw_glance
from rekam.abis.synthetic.eye_picture import picture
from rekam.abis.synthetic.finger import grow_finger
from rekam.abis.synthetic.flaw import FingerFlaw, Flaw
from rekam.abis.synthetic.impression import press
from rekam.abis.synthetic.iris_texture import iris_texture
from rekam.abis.synthetic.portrait.looks import draw_looks
from rekam.abis.synthetic.portrait.portrait import draw_portrait
from rekam.abis.synthetic.signature import sign
from rekam.abis.synthetic.streams import stream

Side = Literal["right", "left", 1, 2]


@dataclass(frozen=True)
class Person:
    """Equal seeds are the same person on every machine; different seeds are strangers.

    Impression 0 is the first recording; each further number is another moment.
    """

    seed: int

    def finger(
        self, position: int, impression: int = 0, *, flaw: FingerFlaw | None = None, strength: float = 1.0
    ) -> GreyImage:
        """A plain print of finger 1..10 (1 right thumb, 6 left thumb) at 500 dpi, 300 x 400 pixels.

        `strength` 0-1 says how bad the flaw is; the placing stays the same for every strength.
        The first impression of a finger takes about 0.1 s, further ones about 10 ms while the
        finger is cached. Raises ValueError for another position.
        """
        if not 1 <= position <= 10:
            raise ValueError(f"finger positions are 1 to 10, not {position}")
        rng = stream(self.seed, "finger", position, "impression", impression, flaw or "")
        return _frozen(press(grow_finger(self.seed, position), rng, flaw, strength), p.FINGER_DPI)

    def iris(self, side: Side, impression: int = 0, *, flaw: Flaw | None = None) -> GreyImage:
        """A near-infrared picture of an eye, 320 x 240 pixels; 1 is the right eye, 2 the left (ISO 19794-6).

        Raises ValueError for another side.
        """
        number = {"right": 1, "left": 2, 1: 1, 2: 2}.get(side)
        if number is None:
            raise ValueError(f'an iris is "right" or "left", not {side}')
        rng = stream(self.seed, "iris", number, "impression", impression, flaw or "")
        eye, glance = draw_eye(self.seed, number), draw_glance(rng, flaw)
        return _frozen(picture(eye, glance, iris_texture(self.seed, number), rng), None)

    def photo(self, birth_year: int, sex: int) -> NDArray[np.uint8]:
        """A drawn passport picture, RGB uint8 of shape (640, 480, 3); `sex` 1 man, 2 woman.

        The background is red for odd birth years, blue for even ones.
        """
        if sex not in {1, 2}:
            raise ValueError(f"sex is 1 or 2, not {sex}")
        return _portrait(self.seed, birth_year, sex).copy()

    def signature(self, impression: int = 0) -> GreyImage:
        """Dark ink on white, 600 x 240 pixels; impressions waver as a hand does."""
        return _frozen(sign(self.seed, impression), None)


@lru_cache(maxsize=8)
def _portrait(seed: int, birth_year: int, sex: int) -> NDArray[np.uint8]:
    """Drawn in a tenth of a second; a camera shows the same one before, at and after the capture (0.9 MB each)."""
    rng = stream(seed, "portrait")
    looks = draw_looks(rng, birth_year=birth_year, woman=sex == 2)
    return draw_portrait(looks, birth_year=birth_year, rng=rng)


def _frozen(pixels: NDArray[np.uint8], dpi: float | None) -> GreyImage:
    pixels.setflags(write=False)
    return GreyImage(pixels, dpi)
