"""A grey image as every extractor takes it, and its safe reading from a file's bytes."""

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rekam.abis.errors import EmptyImage, ImageTooLarge, RecordMalformed, TruncatedImage, UnreadableImage
from rekam.abis.image_bombs import refuse_bombs, refuse_wsq_bomb
from rekam.abis.image_levels import grey_levels
from rekam.abis.image_resolution import Resolution, believed, header_resolution
from rekam.abis.wsq.mark import START as WSQ_START

MAX_PIXELS = 40_000_000
"""A ten-print card at 1000 dpi has 39 MP; a single finger or eye never comes near it."""

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "JPEG2000")

_DECODER_FAILURES = (
    OSError,
    SyntaxError,  # Pillow's word for a broken PNG chunk
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,  # RecursionError and NotImplementedError are its children
    MemoryError,
    struct.error,
    zlib.error,
    Warning,  # where warnings are errors, as in the tests, Pillow's remarks on corrupt headers arrive here
)


@dataclass(frozen=True, slots=True)
class GreyImage:
    """Grey levels, uint8 of shape [height, width], 0 black, row-major and read-only.

    `dpi` is the resolution in pixels an inch, None where nobody told one that can be believed; `told_by` says who told
    it, or why it is not believed (see `image_resolution`).
    """

    pixels: NDArray[np.uint8]
    dpi: float | None = None
    told_by: str = "nobody"

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
    """Reads the first picture of a PNG, JPEG, JPEG 2000, WSQ, BMP or TIFF file as grey levels, upright as its Exif
    header says.

    `declared_dpi` (what the device says of itself) goes before the file's header. Raises `EmptyImage`,
    `ImageTooLarge` (before any pixel is decoded), `TruncatedImage`, `UnreadableImage`.
    """
    if not data:
        raise EmptyImage
    pixels, told = _read_wsq(data) if data.startswith(WSQ_START) else _read_picture(data)
    pixels.setflags(write=False)
    resolution = Resolution(declared_dpi, "device") if declared_dpi is not None else told
    return GreyImage(pixels, resolution.dpi, resolution.told_by)


def require_pixels(width: int, height: int) -> None:
    """Raises `ImageTooLarge` for more than `MAX_PIXELS`; called before anything is decoded."""
    pixels = width * height
    if pixels > MAX_PIXELS:
        raise ImageTooLarge(megapixels=round(pixels / 1_000_000), limit=MAX_PIXELS // 1_000_000)


def _read_wsq(data: bytes) -> tuple[NDArray[np.uint8], Resolution]:
    from rekam.abis.wsq import decode as wsq  # compiled, and few pictures are WSQ (ADR 0046)

    try:
        pixels, ppi = wsq.decode(data, _require_wsq)
    except RecordMalformed as failure:
        broken_off = failure.facts["offset"] >= len(data) or "are left" in str(failure.facts["reason"])
        kind = TruncatedImage if broken_off else UnreadableImage
        raise kind(reason=f"WSQ: {failure.facts['reason']}") from failure
    return pixels, believed("WSQ comment", ppi, ppi)


def _require_wsq(width: int, height: int) -> None:
    require_pixels(width, height)
    refuse_wsq_bomb(width, height)


def _read_picture(data: bytes) -> tuple[NDArray[np.uint8], Resolution]:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            require_pixels(picture.width, picture.height)
            refuse_bombs(picture, data)
            return grey_levels(picture), header_resolution(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise ImageTooLarge(megapixels="> 89", limit=MAX_PIXELS // 1_000_000) from bomb
    except _DECODER_FAILURES as failure:
        kind = TruncatedImage if "truncated" in str(failure).lower() else UnreadableImage
        raise kind(reason=type(failure).__name__) from failure
