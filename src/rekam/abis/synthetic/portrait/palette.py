"""The colours of the drawn people."""

import numpy as np

from rekam.abis.synthetic.portrait.canvas import Colour

RED, BLUE = (196.0, 24.0, 38.0), (22.0, 92.0, 176.0)
"""Backgrounds: red for odd birth years, blue for even ones (the rule for KTP pictures)."""

SKINS: list[Colour] = [(238, 203, 172), (224, 182, 146), (207, 160, 121), (184, 134, 96), (156, 109, 78)]
HAIRS: list[Colour] = [(28, 24, 24), (36, 29, 26), (48, 36, 30)]
CLOTHS: list[Colour] = [
    (240, 242, 245), (214, 224, 236), (52, 66, 94), (120, 45, 52), (46, 92, 88), (120, 100, 76), (72, 76, 84),
]  # fmt: skip
SCARVES: list[Colour] = [
    (235, 226, 214), (198, 178, 160), (122, 138, 128), (46, 54, 74), (176, 140, 150), (88, 72, 84), (74, 96, 112),
]  # fmt: skip
LIP: Colour = (178, 92, 88)
EYE_WHITE: Colour = (246, 243, 239)


def pick(rng: np.random.Generator, colours: list[Colour]) -> Colour:
    """One of `colours`."""
    return colours[int(rng.integers(len(colours)))]
