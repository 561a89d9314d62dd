"""Shoulders, shirt and collar."""

import numpy as np

from rekam.abis.synthetic.portrait.canvas import Canvas, Colour, Mask, curve, mirrored, placed, shade
from rekam.abis.synthetic.portrait.head import MIDDLE
from rekam.abis.synthetic.portrait.looks import Looks


def draw_clothes(canvas: Canvas, looks: Looks) -> None:
    """A plain or batik-patterned shirt with a collar; the bottom of the picture cuts it."""
    breadth = 168 if looks.woman else 194
    half = [(0.0, 507.0), (40.0, 442.0), (62.0, 424.0), (breadth * 0.62, 454.0), (breadth * 0.93, 496.0)]
    half += [(breadth + 14.0, 570.0), (breadth + 22.0, 660.0), (0.0, 680.0)]
    shirt = canvas.cover(curve(placed(mirrored(half), MIDDLE), closed=True))
    canvas.paint(shirt, looks.cloth)
    if looks.patterned:
        _batik(canvas, shirt, looks.cloth)
    lit = canvas.cover(curve(placed(mirrored(half), MIDDLE - 8, 6), closed=True), blur=26)
    canvas.paint(shirt * (1 - lit), shade(looks.cloth, 0.5), strength=0.85)
    canvas.glow((MIDDLE - 105, 502), (46, 26), shade(looks.cloth, 1.4), 0.35, within=shirt)
    _collar(canvas, looks, shirt)


def _collar(canvas: Canvas, looks: Looks, shirt: Mask) -> None:
    seam = curve([(MIDDLE, 514), (MIDDLE + 1, 650)])
    canvas.paint(canvas.line(seam, 2, blur=0.8), shade(looks.cloth, 0.6), strength=0.8, within=shirt)
    for side in (-1, 1):
        flap = [(0.0, 518.0), (side * 30.0, 478.0), (side * 48.0, 432.0), (side * 60.0, 421.0)]
        flap += [(side * 74.0, 446.0), (side * 46.0, 532.0)]
        outline = np.array([(x + MIDDLE, y) for x, y in flap])
        canvas.paint(
            canvas.cover(outline + np.array([side * 3, 7]), blur=5), shade(looks.cloth, 0.4), strength=0.5, within=shirt
        )
        canvas.paint(canvas.cover(outline), shade(looks.cloth, 1.12 if side < 0 else 0.94))
        canvas.paint(canvas.line(np.vstack([outline, outline[:1]]), 1, blur=0.5), shade(looks.cloth, 0.6), strength=0.7)


def _batik(canvas: Canvas, shirt: Mask, cloth: Colour) -> None:
    """Interlaced rings in the manner of kawung, two tones away from the cloth."""
    height, width = canvas.pixels.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    a, b = (columns + rows) / 44, (columns - rows) / 44
    leaves = np.cos(2 * np.pi * a) * np.cos(2 * np.pi * b)
    bright = sum(cloth) > 380
    ring = np.clip((np.abs(leaves) - 0.35) * 5, 0, 1) * np.clip((0.85 - np.abs(leaves)) * 6, 0, 1)
    canvas.paint((ring * shirt).astype(np.float32), (150, 112, 70) if bright else (222, 190, 130), strength=0.5)
