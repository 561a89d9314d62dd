"""Where the 64 subbands of an image lie: quarters of quarters, the finest of the lowest split once more (figure 8)."""

from collections.abc import Iterator
from dataclasses import dataclass

Shape = tuple["Shape", "Shape", "Shape", "Shape"] | None

_FOUR: Shape = (None, None, None, None)
_SIXTEEN: Shape = (_FOUR, _FOUR, _FOUR, _FOUR)
_LOWEST: Shape = ((_FOUR, None, None, None), _FOUR, _FOUR, _FOUR)
_IMAGE: Shape = ((_LOWEST, _SIXTEEN, _SIXTEEN, None), _FOUR, _FOUR, _FOUR)


@dataclass(frozen=True)
class Region:
    """A rectangle of the image in which a subband lies, or the four into which a band was split.

    In a mirrored axis the high band comes before the low one, as in every band that was a high one itself.
    """

    x: int
    y: int
    width: int
    height: int
    mirrored_x: bool
    mirrored_y: bool

    def quarters(self) -> list["Region"]:
        """Upper left, upper right, lower left, lower right."""
        columns, rows = _halves(self.width, mirrored=self.mirrored_x), _halves(self.height, mirrored=self.mirrored_y)
        return [
            Region(self.x + x, self.y + y, width, height, right, lower)
            for lower, (y, height) in zip((False, True), rows, strict=True)
            for right, (x, width) in zip((False, True), columns, strict=True)
        ]


def subbands(width: int, height: int) -> list[Region]:
    """The 64 subbands in the order in which they are coded."""
    return [region for region, shape in _walk(Region(0, 0, width, height, False, False), _IMAGE) if shape is None]


def splits(width: int, height: int) -> list[Region]:
    """The regions that were split, each after those inside it: the order in which they are joined again."""
    walked = _walk(Region(0, 0, width, height, False, False), _IMAGE)
    return [region for region, shape in walked if shape is not None]


def _walk(region: Region, shape: Shape) -> Iterator[tuple[Region, Shape]]:
    if shape is not None:
        for quarter, inner in zip(region.quarters(), shape, strict=True):
            yield from _walk(quarter, inner)
    yield region, shape


def _halves(size: int, *, mirrored: bool) -> list[tuple[int, int]]:
    """Start and length of both halves; the low band has the odd one out."""
    first = size // 2 if mirrored else (size + 1) // 2
    return [(0, first), (first, size - first)]
