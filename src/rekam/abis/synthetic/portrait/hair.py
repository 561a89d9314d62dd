"""Hair and headscarves: what lies behind the head, and what lies over it."""

import numpy as np

from rekam.abis.synthetic.portrait.canvas import Canvas, Mask, curve, mirrored, placed, shade
from rekam.abis.synthetic.portrait.head import CROWN, MIDDLE
from rekam.abis.synthetic.portrait.looks import Looks

Outline = list[tuple[float, float]]


def draw_behind(canvas: Canvas, looks: Looks) -> None:
    """Hair that falls behind the neck, or the back of a headscarf."""
    w = looks.half_width
    if looks.hair == "long":
        half = [
            (0.0, 128.0),
            (w, 170.0),
            (w + 20, 270.0),
            (w + 26, 380.0),
            (w + 24, 480.0),
            (w - 10, 530.0),
            (0.0, 520.0),
        ]
        canvas.paint(canvas.cover(curve(placed(mirrored(half), MIDDLE), closed=True)), shade(looks.hair_colour, 0.94))
    elif looks.hair == "tied back":
        half = [(0.0, 100.0), (32.0, 108.0), (40.0, 134.0), (0.0, 160.0)]
        canvas.paint(canvas.cover(curve(placed(mirrored(half), MIDDLE), closed=True)), shade(looks.hair_colour, 0.9))
    elif looks.hair == "headscarf":
        half = [
            (0.0, 116.0),
            (w * 0.8, 138.0),
            (w + 20, 220.0),
            (w + 26, 320.0),
            (w + 30, 420.0),
            (w + 50, 520.0),
            (0.0, 560.0),
        ]
        canvas.paint(canvas.cover(curve(placed(mirrored(half), MIDDLE), closed=True)), shade(looks.scarf, 0.75))


def draw_over(canvas: Canvas, looks: Looks, rng: np.random.Generator) -> None:
    """The hair that frames the face, or the headscarf's front."""
    if looks.hair == "headscarf":
        _headscarf(canvas, looks)
        return
    hair = canvas.cover(curve(placed(_hair_outline(looks), MIDDLE), closed=True, steps=8), blur=0.8)
    canvas.paint(hair, looks.hair_colour)
    _strands(canvas, looks, hair, rng)


def _hair_outline(looks: Looks) -> Outline:
    """Right sideburn over the crown to the left one, and back along the hairline; x from the middle."""
    w = looks.half_width
    recede = 16 * looks.age * (0 if looks.woman else 1)
    line = CROWN + 46 - recede
    if looks.hair in {"long", "tied back"}:
        low = 420.0 if looks.hair == "long" else 292.0
        outer = [(w + 4, low), (w + 12, 300.0), (w + 10, 230.0), (0.92 * w, 158.0), (0.5 * w, 126.0), (0.0, 119.0)]
        inner = [(-w + 4, 300.0), (-w + 9, 250.0), (-w * 0.66, 200.0), (-18.0, CROWN + 24), (0.0, CROWN + 18)]
        inner = inner if looks.hair == "long" else [(-w + 3, 272.0), *inner[1:]]
        return outer + [(-x, y) for x, y in outer[-2::-1]] + inner + [(-x, y) for x, y in inner[-2::-1]]
    outer = [(w - 1, 292.0), (w + 6, 240.0), (w * 0.98, 178.0), (w * 0.62, 134.0), (0.0, 118.0)]
    outer += [(-x, y) for x, y in outer[-2::-1]]
    if looks.hair == "side parting":
        inner = [(-w + 7, 250.0), (-w * 0.84, line + 22), (-w * 0.55, line - 10), (-w * 0.35, line - 22)]
        inner += [(0.0, line - 4), (w * 0.5, line + 6), (w * 0.84, line + 26), (w - 7, 250.0)]
        return outer + inner
    inner = [(-w + 7, 250.0), (-w * 0.86, line + 24), (-w * 0.62, line + 2), (0.0, line - 6)]
    return outer + inner + [(-x, y) for x, y in inner[-2::-1]]


def _strands(canvas: Canvas, looks: Looks, hair: Mask, rng: np.random.Generator) -> None:
    """A soft gleam and single hairs."""
    canvas.glow((MIDDLE - 30, 150), (46, 14), shade(looks.hair_colour, 1.35), 0.45, within=hair)
    for _ in range(46):
        side = rng.choice([-1, 1])
        reach, lift = rng.uniform(0.2, 1.0) * looks.half_width, rng.uniform(0, 40)
        path = [
            (MIDDLE, 116 + lift),
            (MIDDLE + side * reach * 0.7, 136 + lift),
            (MIDDLE + side * (reach + 10), 250 + 2 * lift),
        ]
        tone = shade(looks.hair_colour, float(rng.choice([0.6, 1.18])))
        canvas.paint(canvas.line(curve(path), 1, blur=0.7), tone, strength=0.35, within=hair)


def _headscarf(canvas: Canvas, looks: Looks) -> None:
    w, chin = looks.half_width, looks.chin
    half = [
        (0.0, 122.0),
        (w * 0.72, 140.0),
        (w + 13, 215.0),
        (w + 15, 310.0),
        (w + 22, 400.0),
        (w + 60, 500.0),
        (w + 104, 580.0),
        (w + 118, 680.0),
        (0.0, 720.0),
    ]
    cloth = canvas.cover(curve(placed(mirrored(half), MIDDLE), closed=True))
    opening = [
        (0.0, CROWN + 42),
        (0.52 * w, CROWN + 50),
        (0.86 * w, 250.0),
        (0.9 * w, 310.0),
        (0.62 * w, chin - 28),
        (0.3 * w, chin - 9),
        (0.0, chin - 4),
    ]
    face = canvas.cover(curve(placed(mirrored(opening), MIDDLE), closed=True))
    scarf = cloth * (1 - face)
    lit = canvas.cover(curve(placed(mirrored(opening), MIDDLE, 3), closed=True), blur=6)
    canvas.paint((1 - lit) * face, shade(looks.skin, 0.5), strength=0.7)
    canvas.paint(scarf, looks.scarf)
    inner = cloth - canvas.cover(curve(placed(mirrored(half), MIDDLE - 5, -3), closed=True), blur=18)
    canvas.paint(np.clip(inner, 0, 1) * cloth, shade(looks.scarf, 0.6), strength=0.9, within=scarf)
    canvas.glow((MIDDLE - 34, 160), (38, 16), shade(looks.scarf, 1.35), 0.6, within=scarf)
    _drape(canvas, looks, scarf)


def _drape(canvas: Canvas, looks: Looks, scarf: Mask) -> None:
    """Folds under the chin and over the shoulder, each a shadow with light along its upper edge."""
    w, chin = looks.half_width, looks.chin
    folds: list[tuple[Outline, float]] = [
        ([(-w, 340.0), (-0.72 * w, chin + 12), (0.0, chin + 38), (0.78 * w, chin + 16), (1.02 * w, 345.0)], 13),
        ([(-1.1 * w, 370.0), (-0.65 * w, chin + 44), (0.1 * w, chin + 72), (1.0 * w, chin + 28)], 15),
        ([(1.15 * w, 370.0), (0.75 * w, chin + 66), (-0.1 * w, chin + 118), (-1.3 * w, chin + 150)], 18),
        ([(1.2 * w, 410.0), (1.0 * w, chin + 100), (0.45 * w, chin + 175), (-0.5 * w, chin + 215)], 18),
    ]
    for path, depth in folds:
        line = curve([(x + MIDDLE, y) for x, y in path])
        swell = depth * np.sin(np.linspace(0, np.pi, len(line)))[:, None] * [0.2, 1.0]
        shadow, light = np.vstack([line, (line + swell)[::-1]]), np.vstack([line, (line - 0.8 * swell)[::-1]])
        canvas.paint(canvas.cover(shadow, blur=5), shade(looks.scarf, 0.5), strength=0.7, within=scarf)
        canvas.paint(canvas.cover(light, blur=5), shade(looks.scarf, 1.3), strength=0.5, within=scarf)
