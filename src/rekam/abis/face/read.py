"""The photo as RGB, whether it comes as a file or as pixels."""

import io
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from rekam.abis.image import load_image

Background = Literal["red", "blue"]
Photo = NDArray[np.uint8]
"""RGB, shape (H, W, 3)."""


def read_photo(photo: bytes | Photo) -> Photo:
    """RGB, upright (EXIF orientation applied), transparency on white.

    Raises `EmptyImage`, `ImageTooLarge` (before any pixel is decoded), `TruncatedImage` or
    `UnreadableImage` of a file, and TypeError of pixels that are not uint8 (H, W, 3).
    """
    if not isinstance(photo, bytes):
        if photo.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3:
            raise TypeError(f"photo pixels are uint8 [H, W, 3], not {photo.dtype} {photo.shape}")
        return photo
    load_image(photo)  # refuses what cannot be read safely; its grey levels are of no use here
    with Image.open(io.BytesIO(photo)) as file:
        upright = ImageOps.exif_transpose(file)
        if "A" in upright.getbands() or "transparency" in upright.info:
            opaque = Image.new("RGBA", upright.size, "white")
            opaque.alpha_composite(upright.convert("RGBA"))
            upright = opaque
        return np.asarray(upright.convert("RGB"), dtype=np.uint8)
