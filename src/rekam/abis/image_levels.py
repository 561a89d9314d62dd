"""Grey levels out of whatever a picture's pixels are: colour, palette, transparency, one bit, sixteen bits."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

STRIP_ROWS = 256
"""Rows converted at a time, so that a large picture is never held twice in a wide type."""
ORIENTATION_TAG = 0x0112

_UPRIGHT = {
    2: lambda levels: levels[:, ::-1],
    3: lambda levels: levels[::-1, ::-1],
    4: lambda levels: levels[::-1],
    5: lambda levels: levels.T,
    6: lambda levels: levels.T[:, ::-1],
    7: lambda levels: levels[::-1, ::-1].T,
    8: lambda levels: levels.T[::-1],
}
"""Exif 2.3 clause 4.6.4, tag 274: how the stored rows and columns become an upright picture."""


def grey_levels(picture: Image.Image) -> NDArray[np.uint8]:
    """Decodes the picture; uint8 [height, width], C-contiguous, upright. Transparent parts are white."""
    picture.draft("L", picture.size)
    picture.load()
    levels = np.empty((picture.height, picture.width), np.uint8)
    convert = _deep_converter(picture) if picture.mode.startswith(("I", "F")) else _strip_levels
    for top in range(0, picture.height, STRIP_ROWS):
        bottom = min(top + STRIP_ROWS, picture.height)
        levels[top:bottom] = convert(picture.crop((0, top, picture.width, bottom)))
    orientation = picture.getexif().get(ORIENTATION_TAG)
    if orientation in _UPRIGHT:
        levels = np.ascontiguousarray(_UPRIGHT[orientation](levels))
    return levels


def _strip_levels(strip: Image.Image) -> NDArray[np.uint8]:
    if "A" in strip.getbands() or "a" in strip.getbands() or "transparency" in strip.info:
        opaque = Image.new("RGBA", strip.size, "white")
        opaque.alpha_composite(strip.convert("RGBA"))
        strip = opaque
    return np.asarray(strip.convert("L"), dtype=np.uint8)


class _DeepConverter:
    """16-bit levels to 8: Pillow's own conversion clips them to white instead of scaling."""

    def __init__(self, divisor: float) -> None:
        self._divisor = divisor

    def __call__(self, strip: Image.Image) -> NDArray[np.uint8]:
        levels = np.asarray(strip).astype(np.float32)
        if not np.isfinite(levels).all():
            raise ValueError("levels are not numbers")
        return np.clip(levels / self._divisor, 0.0, 255.0).astype(np.uint8)


def _deep_converter(picture: Image.Image) -> _DeepConverter:
    lowest_highest = picture.getextrema()
    highest = float(max(np.ravel(np.asarray(lowest_highest, dtype=np.float64)), default=0.0))
    return _DeepConverter(257.0 if highest > 255.0 else 1.0)
