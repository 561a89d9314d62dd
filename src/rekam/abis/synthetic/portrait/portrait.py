"""The whole picture, layer by layer."""

import numpy as np
from numpy.typing import NDArray

from rekam.abis.synthetic.portrait import palette
from rekam.abis.synthetic.portrait.canvas import Canvas, shade
from rekam.abis.synthetic.portrait.clothes import draw_clothes
from rekam.abis.synthetic.portrait.features import draw_features
from rekam.abis.synthetic.portrait.hair import draw_behind, draw_over
from rekam.abis.synthetic.portrait.head import MIDDLE, draw_ears, draw_face, draw_neck
from rekam.abis.synthetic.portrait.looks import Looks

HEIGHT, WIDTH = 640, 480


def draw_portrait(looks: Looks, *, birth_year: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Head and shoulders, RGB uint8 of shape (640, 480, 3); red behind odd birth years, blue behind even ones."""
    backdrop = palette.RED if birth_year % 2 else palette.BLUE
    canvas = Canvas(HEIGHT, WIDTH, shade(backdrop, 0.94), zoom=1.12, fixed=(MIDDLE, 270.0))
    canvas.glow((MIDDLE, 250), (230, 260), shade(backdrop, 1.08), 0.9)
    draw_behind(canvas, looks)
    draw_neck(canvas, looks)
    draw_clothes(canvas, looks)
    if looks.hair in {"short", "side parting", "tied back"}:
        draw_ears(canvas, looks)
    face = draw_face(canvas, looks)
    draw_features(canvas, looks, face)
    draw_over(canvas, looks, rng)
    # a trace of sensor noise keeps flat colours from looking printed
    canvas.pixels += rng.normal(0, 1.6, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return canvas.picture()
