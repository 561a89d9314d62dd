"""Pictures as PNG bytes that tell their resolution."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rekam.abis.image import GreyImage

Picture = GreyImage | NDArray[np.uint8]
"""Grey, or RGB of shape [H, W, 3]."""


def encode_png(picture: Picture, *, dpi: float | None = None) -> bytes:
    """PNG of a grey (H, W) or RGB (H, W, 3) picture; the resolution stands in the pHYs chunk.

    `dpi` goes before the picture's own; without either the chunk is left out.
    """
    if isinstance(picture, GreyImage):
        dpi = dpi if dpi is not None else picture.dpi
        pixels = picture.pixels
    else:
        pixels = picture
    file = io.BytesIO()
    # level 3 costs a tenth of the time of level 9 for a twentieth more bytes
    resolution = {"dpi": (dpi, dpi)} if dpi is not None else {}
    Image.fromarray(pixels).save(file, "PNG", compress_level=3, **resolution)
    return file.getvalue()
