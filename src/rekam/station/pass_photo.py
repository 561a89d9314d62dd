"""The passport photo as it is sealed: cut out of what the camera gave, pixel for pixel, never enlarged: `Cutting`."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rekam.enrolment.errors import RekamError

if TYPE_CHECKING:
    from rekam.abis.face import Background, Crop, PhotoQuality

__all__ = ["Cutting", "FrameTooWeak", "PassPhoto", "cut_anew", "cut_out"]


class FrameTooWeak(RekamError):
    """With the frame in that place the photo would be below the quality asked for, so the frame was left where it was.
    The photo is kept. Move the frame so that the whole head is in it, or take the photo again.
    """


@dataclass(frozen=True)
class Cutting:
    """Where the photo lies in the picture `whole`, which has `across` by `down` pixels when it stands upright."""

    x: int
    y: int
    width: int
    height: int
    across: int
    down: int
    whole: bytes = field(repr=False)


@dataclass(frozen=True)
class PassPhoto:
    """`image` is what is sealed, a file of `media_type`; `quality` judges it."""

    image: bytes = field(repr=False)
    media_type: str
    cutting: Cutting
    quality: "PhotoQuality"


def cut_out(picture: bytes, background: "Background") -> PassPhoto:
    """The photo around the face of a picture file. Raises an `AbisError` for what is no picture."""
    from rekam.abis.face import frame_photo, read_photo  # with the engine (ADR 0046)

    framed = frame_photo(read_photo(picture), background)
    return _photo(picture, framed.crop, framed.quality)


def cut_anew(cutting: Cutting, x: float, y: float, height: float, background: "Background") -> PassPhoto:
    """The same picture with the frame's upper left corner moved there, as far as the picture holds it."""
    from rekam.abis.face import check_photo, fitted_crop, read_photo

    crop = fitted_crop(x, y, height, photo_height=cutting.down, photo_width=cutting.across)
    return _photo(cutting.whole, crop, check_photo(crop.cut(read_photo(cutting.whole)), background))


def _photo(picture: bytes, crop: "Crop", quality: "PhotoQuality") -> PassPhoto:
    from rekam.abis.face import cut_file, read_photo

    pixels = read_photo(picture)
    image, (down, across) = cut_file(picture, pixels, crop), pixels.shape[:2]
    kind = "image/jpeg" if image.startswith(b"\xff\xd8") else "image/png"
    cutting = Cutting(crop.x, crop.y, crop.width, crop.height, across, down, picture)
    return PassPhoto(image, kind, cutting, quality)
