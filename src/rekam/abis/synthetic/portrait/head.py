"""The bare head: neck, ears, face and its light and shadow."""

from rekam.abis.synthetic.portrait.canvas import Canvas, Mask, curve, mirrored, placed, shade
from rekam.abis.synthetic.portrait.looks import Looks

MIDDLE = 240.0
CROWN, EYE_LINE = 150.0, 276.0
"""Pixels: the middle line, the top of the skull and the line of the eyes of a picture 480 by 640."""


def draw_neck(canvas: Canvas, looks: Looks) -> None:
    """The neck, with the shadow of the chin on it."""
    width = 0.56 * looks.half_width + (0 if looks.woman else 6)
    half = [(width, 350.0), (width * 0.98, 410.0), (width * 1.25, 442.0), (width * 2.0, 490.0), (0.0, 530.0)]
    neck = canvas.cover(curve(placed(mirrored([(0.0, 340.0), *half]), MIDDLE), closed=True))
    canvas.paint(neck, shade(looks.skin, 0.88))
    canvas.glow((MIDDLE, looks.chin + 12), (width * 0.95, 22), shade(looks.skin, 0.55), 0.75, within=neck)
    for side in (-1, 1):
        canvas.glow((MIDDLE + side * width, 420), (10, 60), shade(looks.skin, 0.6), 0.4, within=neck)


def draw_ears(canvas: Canvas, looks: Looks) -> None:
    """Both ears, a little darker than the face."""
    for side in (-1, 1):
        x = MIDDLE + side * (looks.half_width - 2)
        outline = [(0.0, 262.0), (10.0, 258.0), (16.0, 272.0), (13.0, 300.0), (4.0, 318.0), (-4.0, 310.0)]
        ear = canvas.cover(curve([(x + side * dx, y) for dx, y in outline], closed=True))
        canvas.paint(ear, shade(looks.skin, 0.90))
        canvas.glow((x + side * 5, 286), (3, 14), shade(looks.skin, 0.6), 0.5, within=ear)


def draw_face(canvas: Canvas, looks: Looks) -> Mask:
    """The face with its shading; returns where it is."""
    w, chin = looks.half_width, looks.chin
    half = [
        (0.0, CROWN),
        (0.55 * w, CROWN + 9),
        (0.89 * w, CROWN + 42),
        (w, 240.0),
        (0.985 * w, 288.0),
        (w * (0.5 + 0.5 * looks.jaw), 332.0),
        (w * looks.jaw * 0.82, chin - 32),
        (w * 0.42, chin - 6),
        (0.0, chin),
    ]
    face = canvas.cover(curve(placed(mirrored(half), MIDDLE), closed=True))
    canvas.paint(face, looks.skin)
    rim = canvas.cover(curve(placed(mirrored(half), MIDDLE - 4, -4), closed=True), blur=20)
    canvas.paint(face * (1 - rim), shade(looks.skin, 0.62), strength=0.8)
    canvas.glow((MIDDLE - 20, 232), (46, 30), shade(looks.skin, 1.3), 0.55, within=face)
    for side in (-1, 1):
        canvas.glow((MIDDLE + side * 52, 326), (20, 15), (214, 112, 96), 0.20, within=face)
        canvas.glow((MIDDLE + side * 50, 305), (16, 9), shade(looks.skin, 1.3), 0.35, within=face)
    canvas.glow((MIDDLE, chin - 20), (18, 9), shade(looks.skin, 1.25), 0.4, within=face)
    return face
