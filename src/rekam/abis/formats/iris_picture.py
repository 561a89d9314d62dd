"""The picture inside an iris record as a grey image, and a grey image as a view of a record."""

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import RecordPictureUnusable
from rekam.abis.formats.capture import QualityBlock
from rekam.abis.formats.iris_record import Coding, Eye, IrisView, Orientation
from rekam.abis.image import GreyImage, load_image, require_pixels
from rekam.abis.synthetic.png import encode_png

_LUMA = np.array([0.299, 0.587, 0.114])
"""ITU-R BT.601, as Pillow converts."""
LOSSLESS = 0b0100
"""Bits 7-8 of the image properties: compression history none or lossless (2011 table 4)."""
_RAW_CHANNELS = {Coding.MONO_RAW: 1, Coding.RGB_RAW: 3}


def picture_of(view: IrisView) -> GreyImage:
    """The image, mirrored back to the standard's base orientation where it is flipped.

    Raises `RecordPictureUnusable` where it is not what the record says of it, or coded as JPEG-LS; and as `load_image`.
    """
    require_pixels(view.width, view.height)
    pixels = _raw(view) if view.coding in _RAW_CHANNELS else _decoded(view)
    if view.horizontal is Orientation.FLIPPED:
        pixels = pixels[:, ::-1]
    if view.vertical is Orientation.FLIPPED:
        pixels = pixels[::-1]
    pixels = np.ascontiguousarray(pixels)
    pixels.setflags(write=False)
    return GreyImage(pixels)


def view_of(image: GreyImage, eye: Eye, quality: int | None = None, number: int = 1) -> IrisView:
    """A view holding the image without loss, as PNG: for the 2011 edition."""
    blocks = () if quality is None else (QualityBlock(quality),)
    png = encode_png(image)
    return IrisView(
        png, Coding.MONO_PNG, image.width, image.height, eye, number=number, compression=LOSSLESS, quality=blocks
    )


def raw_view_of(image: GreyImage, eye: Eye, quality: int | None = None, number: int = 1) -> IrisView:
    """A view holding bare pixels: for either edition."""
    blocks = () if quality is None else (QualityBlock(quality),)
    return IrisView(
        image.pixels.tobytes(), Coding.MONO_RAW, image.width, image.height, eye, number=number, quality=blocks
    )


def _raw(view: IrisView) -> NDArray[np.uint8]:
    channels = _RAW_CHANNELS[view.coding]
    if view.depth not in {8, 8 * channels} or len(view.image) != view.width * view.height * channels:
        raise RecordPictureUnusable(
            reason=f"{len(view.image)} bytes for {view.width} x {view.height} pixels of {view.depth} bits"
        )
    held = np.frombuffer(view.image, np.uint8)
    if channels == 1:
        return held.reshape(view.height, view.width)
    return np.rint(held.reshape(view.height, view.width, channels) @ _LUMA).astype(np.uint8)


def _decoded(view: IrisView) -> NDArray[np.uint8]:
    if view.coding in {Coding.MONO_JPEG_LS, Coding.RGB_JPEG_LS}:
        raise RecordPictureUnusable(reason="it is JPEG-LS, which this engine does not decode")
    image = load_image(view.image)
    if (image.width, image.height) != (view.width, view.height):
        raise RecordPictureUnusable(
            reason=f"it says {view.width} x {view.height} pixels and holds {image.width} x {image.height}"
        )
    return image.pixels
