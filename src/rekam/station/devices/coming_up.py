"""The preview of a made-up device: pictures that come up out of focus and too high, then settle: `coming_up`."""

import io
from collections.abc import Sequence
from itertools import repeat
from typing import Final

from PIL import Image, ImageChops, ImageFilter

from rekam.abis.image import GreyImage
from rekam.abis.synthetic.png import Picture
from rekam.station.devices.port import Frame, Frames

__all__ = ["coming_up"]

_STAGES: Final = ((6.0, 40, 15), (4.0, 28, 30), (2.5, 16, 45), (1.5, 8, 60), (0.8, 3, 75), (0.0, 0, 90))
"""Blur radius and offset in pixels, and the quality that the device would tell (0-100), one stage after the other."""
_FRAMES_A_STAGE: Final = 2
_LARGEST: Final = (960, 640)
_WHITE: Final = 255


def coming_up(pictures: Sequence[Picture]) -> Frames:
    """Endless; the last stage stays. Several pictures stand side by side, as on a slap scanner."""
    still = _side_by_side([_image(picture) for picture in pictures])
    for blur, offset, quality in _STAGES:
        seen = ImageChops.offset(still.filter(ImageFilter.GaussianBlur(blur)) if blur else still, 0, -offset)
        frame = Frame(_jpeg(seen), quality)
        yield from repeat(frame, _FRAMES_A_STAGE)
    while True:
        yield frame


def _image(picture: Picture) -> Image.Image:
    return Image.fromarray(picture.pixels if isinstance(picture, GreyImage) else picture)


def _side_by_side(images: Sequence[Image.Image]) -> Image.Image:
    width, height = sum(image.width for image in images), max(image.height for image in images)
    still = Image.new(images[0].mode, (width, height), _WHITE if images[0].mode == "L" else (_WHITE,) * 3)
    left = 0
    for image in images:
        still.paste(image, (left, 0))
        left += image.width
    still.thumbnail(_LARGEST)
    return still


def _jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()
