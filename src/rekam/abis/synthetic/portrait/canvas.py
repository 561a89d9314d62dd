"""A canvas on which soft-edged shapes are laid one over the other."""

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.synthetic.fields import Field

Colour = tuple[float, float, float]
"""Red, green, blue, each 0 to 255."""
Points = NDArray[np.float64]
"""Shape (n, 2): x to the right, y down, in pixels."""
Mask = Field
"""Shape (H, W): 0 not covered, 1 covered."""


class Canvas:
    """RGB levels as float32 of shape (H, W, 3); what is drawn is enlarged `zoom` times about `fixed`."""

    def __init__(
        self, height: int, width: int, colour: Colour, *, zoom: float = 1, fixed: tuple[float, float] = (0, 0)
    ) -> None:
        self.pixels = np.empty((height, width, 3), dtype=np.float32)
        self.pixels[:] = colour
        self._zoom, self._fixed = zoom, np.array(fixed)

    def cover(self, outline: Points, *, blur: float = 0) -> Mask:
        """How far each pixel lies in the closed `outline`, edges softened by `blur` pixels."""
        mask = np.zeros(self.pixels.shape[:2], dtype=np.uint8)
        cv2.fillPoly(mask, [self._placed(outline)], 255, cv2.LINE_AA, 4)
        return self._soft(mask, blur)

    def line(self, path: Points, width: float, *, blur: float = 0) -> Mask:
        """How far each pixel lies under a line of `width` pixels along `path`."""
        mask = np.zeros(self.pixels.shape[:2], dtype=np.uint8)
        cv2.polylines(mask, [self._placed(path)], False, 255, max(1, round(width * self._zoom)), cv2.LINE_AA, 4)
        return self._soft(mask, blur)

    def paint(
        self, mask: Mask, colour: Colour | NDArray[np.float32], *, strength: float = 1, within: Mask | None = None
    ) -> None:
        """Lays `colour` (one, or one for each pixel) over the canvas where `mask` is, and only `within`."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            return
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        share = mask[box] * np.float32(strength)
        if within is not None:
            share = share * within[box]
        layer = np.asarray(colour, dtype=np.float32)
        layer = layer[box] if layer.ndim == 3 else layer
        self.pixels[box] += share[..., None] * (layer - self.pixels[box])

    def glow(
        self,
        centre: tuple[float, float],
        radii: tuple[float, float],
        colour: Colour,
        strength: float,
        within: Mask | None = None,
    ) -> None:
        """A soft round spot; `radii` are the standard deviations in pixels."""
        height, width = self.pixels.shape[:2]
        x, y = (np.array(centre) - self._fixed) * self._zoom + self._fixed
        across = np.exp(-0.5 * ((np.arange(width) - x) / (radii[0] * self._zoom)) ** 2)
        down = np.exp(-0.5 * ((np.arange(height) - y) / (radii[1] * self._zoom)) ** 2)
        spot = np.outer(down, across).astype(np.float32)
        spot[spot < 0.004] = 0
        self.paint(spot, colour, strength=strength, within=within)

    def picture(self) -> NDArray[np.uint8]:
        """RGB, uint8 of shape (H, W, 3)."""
        return np.clip(np.round(self.pixels), 0, 255).astype(np.uint8)

    def _placed(self, points: Points) -> NDArray[np.int32]:
        """In sixteenths of a pixel, as OpenCV draws without jagged edges."""
        return np.round(((points - self._fixed) * self._zoom + self._fixed) * 16).astype(np.int32)

    @staticmethod
    def _soft(mask: NDArray[np.uint8], blur: float) -> Mask:
        soft = mask.astype(np.float32) / 255
        return cv2.GaussianBlur(soft, (0, 0), blur) if blur > 0 else soft


def curve(points: list[tuple[float, float]], *, closed: bool = False, steps: int = 10) -> Points:
    """A smooth line through `points` (Catmull & Rom, 1974)."""
    knots = np.array(points, dtype=np.float64)
    knots = np.vstack([knots[-1], knots, knots[:2]]) if closed else np.vstack([knots[0], knots, knots[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        pieces.append(0.5 * (2 * b + (c - a) * t + bend))
    line = np.vstack(pieces)
    return line if closed else np.vstack([line, knots[-1]])


def mirrored(half: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The outline whose right half, from top to bottom, is `half` (x from the middle line)."""
    return half + [(-x, y) for x, y in reversed(half) if abs(x) > 1e-6]


def placed(points: list[tuple[float, float]], x: float, y: float = 0) -> list[tuple[float, float]]:
    """`points` moved by (x, y)."""
    return [(px + x, py + y) for px, py in points]


def shade(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter towards white above."""
    if factor <= 1:
        return (colour[0] * factor, colour[1] * factor, colour[2] * factor)
    return tuple(c + (255 - c) * (factor - 1) for c in colour)  # type: ignore[return-value] # three in, three out
