"""What an iris image record of ISO/IEC 19794-6 holds, in either edition."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from rekam.abis.formats.capture import UNTOLD_TIME, CaptureTime, QualityBlock

UNTOLD = 0
ANGLE_UNTOLD = 0xFFFF
DEGREES_PER_UNIT = 360 / 65536


class Eye(IntEnum):
    """The resident's own right and left (2011 table 4)."""

    UNTOLD = 0
    RIGHT = 1
    LEFT = 2


class ImageKind(IntEnum):
    """How the image is framed (2011 table 4, clause 8): whole, 640 x 480, cropped, cropped with lids and sclera masked.

    The 2005 edition knows uncropped rectilinear images only, in this reader.
    """

    UNCROPPED = 1
    VGA = 2
    CROPPED = 3
    CROPPED_AND_MASKED = 7


class Coding(IntEnum):
    """How the pixels are packed. The numbers are ours; each edition has its own (see `CODES` there)."""

    MONO_RAW = 1
    RGB_RAW = 2
    MONO_JPEG = 3
    RGB_JPEG = 4
    MONO_JPEG2000 = 5
    RGB_JPEG2000 = 6
    MONO_PNG = 7
    RGB_PNG = 8
    MONO_JPEG_LS = 9
    RGB_JPEG_LS = 10


class Orientation(IntEnum):
    """Of one axis: as the standard's base view, or mirrored."""

    UNTOLD = 0
    BASE = 1
    FLIPPED = 2


class Span(NamedTuple):
    """Smallest and largest possible value in pixels, 0 where untold."""

    smallest: int
    largest: int


UNTOLD_SPAN = Span(UNTOLD, UNTOLD)


@dataclass(frozen=True)
class IrisView:
    """One image of one eye. `image` is the coded picture, `width` x `height` pixels of `depth` bits.

    `roll` and `roll_uncertainty` in units of 360/65536 degrees; `range_` the distance eye to camera in the standard's
    units, 0 untold, 1 failed. `captured`, device fields, `kind`, `range_` and the iris's place exist in the 2011
    edition only.
    """

    image: bytes
    coding: Coding
    width: int
    height: int
    eye: Eye = Eye.UNTOLD
    depth: int = 8
    number: int = 1
    kind: ImageKind = ImageKind.UNCROPPED
    horizontal: Orientation = Orientation.BASE
    vertical: Orientation = Orientation.BASE
    compression: int = 0
    quality: tuple[QualityBlock, ...] = ()
    roll: int = ANGLE_UNTOLD
    roll_uncertainty: int = ANGLE_UNTOLD
    range_: int = UNTOLD
    centre_x: Span = UNTOLD_SPAN
    centre_y: Span = UNTOLD_SPAN
    diameter: Span = UNTOLD_SPAN
    captured: CaptureTime = UNTOLD_TIME
    device_technology: int = 0
    device_vendor: int = 0
    device_type: int = 0


@dataclass(frozen=True)
class Device2005:
    """What the 2005 edition tells once for all images: device, kind of scan and occlusion bits, the iris's expected
    diameter in pixels, the geometric transformation, and 16 bytes naming the very device.
    """

    device: int = 0
    scan: int = 0
    diameter: int = UNTOLD
    transformation: int = 0
    unique_id: bytes = b"0" * 16


UNTOLD_DEVICE = Device2005()


@dataclass(frozen=True)
class IrisRecord:
    """An iris image record: images of one eye or both."""

    views: tuple[IrisView, ...]
    device: Device2005 = UNTOLD_DEVICE
