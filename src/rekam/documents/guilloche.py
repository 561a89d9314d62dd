"""The card's ground: engraved lines that swell over imagined islands, and two rosettes; `ground`.

Drawn by formula, in the manner of banknotes, and after no state emblem and no map.
"""

from functools import cache
from math import cos, exp, pi, sin

__all__ = ["HEIGHT", "WIDTH", "ground"]

WIDTH, HEIGHT = 85.6, 53.98  # mm, ISO/IEC 7810 ID-1
_LINES, _STEPS = 76, 170
# (x, y, half width, half height, lift) in mm: an arc of islands across the card
_ISLANDS = (
    (9.0, 21.0, 4.6, 4.6, 3.4),
    (17.0, 31.0, 4.6, 4.2, 3.4),
    (30.0, 43.0, 8.0, 2.6, 2.6),
    (38.0, 24.0, 6.4, 6.4, 4.2),
    (46.0, 45.5, 3.4, 2.0, 1.8),
    (53.0, 27.0, 2.4, 6.0, 2.8),
    (58.0, 43.0, 4.0, 2.2, 1.8),
    (63.0, 22.0, 2.4, 4.0, 2.2),
    (76.0, 33.0, 8.0, 5.4, 4.0),
)


def _lift(x: float, y: float) -> float:
    """How far a line at (x, y) is raised, mm."""
    return sum(high * exp(-(((x - cx) / wide) ** 2) - ((y - cy) / tall) ** 2) for cx, cy, wide, tall, high in _ISLANDS)


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def _relief() -> str:
    lines = []
    for number in range(-2, _LINES + 3):
        base = HEIGHT * number / _LINES
        xs = [WIDTH * step / _STEPS for step in range(_STEPS + 1)]
        wave = [base + 0.5 * sin(2 * pi * x / 34 + base / 9) for x in xs]
        lines.append(_path([(x, y - _lift(x, y)) for x, y in zip(xs, wave, strict=True)]))
    return "".join(lines)


def _rosette(cx: float, cy: float, radius: float, petals: int, rings: int) -> str:
    """Interlaced closed curves: circles whose radius swings `petals` times a turn, each ring a phase on."""
    turns = [2 * pi * step / 360 for step in range(361)]
    paths = []
    for ring in range(rings):
        phase = 2 * pi * ring / rings
        radii = [radius * (0.72 + 0.28 * sin(petals * turn + phase)) for turn in turns]
        paths.append(_path([(cx + r * cos(turn), cy + r * sin(turn)) for r, turn in zip(radii, turns, strict=True)]))
    return "".join(paths)


@cache
def ground(*, line: str = "#3d8fd6", rosette: str = "#1f74c4") -> bytes:
    """The ground as SVG, 85.6 x 53.98 user units of one millimetre each, lines of 0.1 mm on nothing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" stroke-width="0.1">'
        f'<path d="{_relief()}" stroke="{line}" stroke-opacity="0.5"/>'
        f'<path d="{_rosette(70, 27, 15, 9, 6)}" stroke="{rosette}" stroke-opacity="0.22"/>'
        f'<path d="{_rosette(8, 47, 11, 7, 5)}" stroke="{rosette}" stroke-opacity="0.2"/>'
        "</svg>"
    ).encode()
