"""The part of a photo file that a crop shows, as a file again: `cut_file`."""

import io
from typing import Final

from PIL import Image

from rekam.abis.face.crop import Crop
from rekam.abis.face.read import Photo

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG"
_JPEG_QUALITY: Final = 95
"""With full colour, once: a loss that no print of 3 x 4 cm shows (mean error below one grey level, measured)."""
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = 1


def cut_file(file: bytes, photo: Photo, crop: Crop) -> bytes:
    """The crop's own pixels, as many as it has, never enlarged: a JPEG of a JPEG, else a PNG without any loss.

    `photo` is what `read_photo` made of `file`. Where nothing is cut off, a JPEG or PNG stays byte for byte.
    """
    if (crop.height, crop.width) == photo.shape[:2] and file.startswith((_JPEG, _PNG)) and _is_upright(file):
        return file
    out, cut = io.BytesIO(), Image.fromarray(crop.cut(photo))
    if file.startswith(_JPEG):
        cut.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    else:
        cut.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _is_upright(file: bytes) -> bool:
    with Image.open(io.BytesIO(file)) as opened:
        return opened.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT
