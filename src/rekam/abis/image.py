"""A grey image as every extractor takes it, and its safe reading from a file's bytes."""

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rekam.abis.errors import EmptyImage, ImageTooLarge, TruncatedImage, UnreadableImage

MAX_PIXELS = 40_000_000
"""A ten-print card at 1000 dpi has 39 MP; a single finger or eye never comes near it."""

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "JPEG2000")
SCANNER_DPI = (100.0, 5000.0)
"""Less is a screen's 72 or 96, written by software that knows nothing of the scanner: taken for "not told"."""

_DECODER_FAILURES = (
    OSError,
    SyntaxError,  # Pillow's word for a broken PNG chunk
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    ArithmeticError,
    struct.error,
    zlib.error,
    Warning,  # where warnings are errors, as in the tests, Pillow's remarks on corrupt headers arrive here
)


@dataclass(frozen=True, slots=True)
class GreyImage:
    """Grey levels, uint8 of shape [height, width], 0 black, row-major and read-only.

    `dpi` is the horizontal resolution in pixels an inch, None where nobody told it.
    """

    pixels: NDArray[np.uint8]
    dpi: float | None = None

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 2:
            raise TypeError(f"grey pixels are uint8 [H, W], not {self.pixels.dtype} {self.pixels.shape}")

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])


def load_image(data: bytes, *, declared_dpi: float | None = None) -> GreyImage:
    """Reads the first picture of a PNG, JPEG, BMP or TIFF file as grey levels.

    `declared_dpi` (what the device says of itself) goes before the file's header. Raises `EmptyImage`,
    `ImageTooLarge` (before any pixel is decoded), `TruncatedImage`, `UnreadableImage`.
    """
    if not data:
        raise EmptyImage
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            require_pixels(picture.width, picture.height)
            dpi = declared_dpi if declared_dpi is not None else _header_dpi(picture)
            grey = _to_grey(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise ImageTooLarge(megapixels="> 89", limit=MAX_PIXELS // 1_000_000) from bomb
    except _DECODER_FAILURES as failure:
        kind = TruncatedImage if "truncated" in str(failure).lower() else UnreadableImage
        raise kind(reason=type(failure).__name__) from failure
    grey.setflags(write=False)
    return GreyImage(grey, dpi)


def require_pixels(width: int, height: int) -> None:
    """Raises `ImageTooLarge` for more than `MAX_PIXELS`; called before anything is decoded."""
    pixels = width * height
    if pixels > MAX_PIXELS:
        raise ImageTooLarge(megapixels=round(pixels / 1_000_000), limit=MAX_PIXELS // 1_000_000)


def _to_grey(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode.startswith(("I", "F")):
        return _from_deep(np.asarray(picture, dtype=np.float64))
    if "A" in picture.getbands() or "transparency" in picture.info:
        opaque = Image.new("RGBA", picture.size, "white")
        opaque.alpha_composite(picture.convert("RGBA"))
        picture = opaque
    return np.array(picture.convert("L"), dtype=np.uint8, order="C")


def _from_deep(levels: NDArray[np.float64]) -> NDArray[np.uint8]:
    """16-bit levels to 8: Pillow's own conversion clips them to white instead of scaling."""
    if not np.isfinite(levels).all():
        raise ValueError("levels are not numbers")
    deep = levels.max(initial=0.0) > 255.0
    return np.ascontiguousarray(np.clip(levels / 257.0 if deep else levels, 0.0, 255.0), dtype=np.uint8)


def _header_dpi(picture: Image.Image) -> float | None:
    told = picture.info.get("dpi")
    if not isinstance(told, tuple) or not told:
        return None
    dpi = float(told[0])
    return dpi if SCANNER_DPI[0] <= dpi <= SCANNER_DPI[1] else None
