"""The face image record of ISO/IEC 19794-5:2011, clause 5: 17 bytes of header, then one representation an image.

Field order and codes agree with MOSIP's reader and writer; no foreign file of this edition was at hand. What the record
says of the person (sex, colours, height, pose, landmarks) is stepped over: the photo is judged by its pixels.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

from rekam.abis.errors import RecordNotWritable
from rekam.abis.formats.capture import (
    UNTOLD_TIME,
    CaptureTime,
    QualityBlock,
)
from rekam.abis.formats.cursor import Cursor
from rekam.abis.formats.representation import CaptureHead, next_representation, require_length, with_length

FORMAT = "ISO/IEC 19794-5:2011"
MAGIC = b"FAC\x00030\x00"
HEADER = struct.Struct(">8sIHBH")
ONE_REPRESENTATION = 0
_LANDMARKS = struct.Struct(">H15x")
"""The facial information: the number of landmarks, then 15 bytes about the person."""
_LANDMARK_BYTES = 8
_IMAGE = struct.Struct(">BBHHBHBB")


class FaceCoding(IntEnum):
    """Table 17: how the pixels are packed."""

    JPEG = 0
    JPEG2000_LOSSY = 1
    JPEG2000 = 2
    PNG = 3


@dataclass(frozen=True)
class FaceImageView:
    """One photo, `image` coded as `coding` says; `kind` 1 is a full frontal picture, `colours` 1 24-bit RGB."""

    image: bytes
    coding: FaceCoding
    width: int
    height: int
    kind: int = 1
    colours: int = 1
    quality: tuple[QualityBlock, ...] = ()
    captured: CaptureTime = UNTOLD_TIME
    device_technology: int = 0
    device_vendor: int = 0
    device_type: int = 0


def read(data: bytes) -> tuple[FaceImageView, ...]:
    """Every image of a record, still coded. Raises `RecordMalformed` with the byte that is wrong."""
    cursor = Cursor(data, FORMAT)
    cursor.require_magic(MAGIC, "the mark FAC 030")
    require_length(cursor, data)
    count = cursor.u16("the number of representations")
    if cursor.u8("the certification flag"):
        cursor.refuse("a certification flag, which this edition reserves", cursor.position - 1)
    cursor.u16("the temporal semantics")
    views = tuple(_read_view(cursor) for _ in range(count))
    cursor.require_end()
    return views


def write(views: tuple[FaceImageView, ...]) -> bytes:
    """The record's bytes, with nothing said of the person. Raises `RecordNotWritable`."""
    if not views or len(views) > 0xFFFF:
        raise RecordNotWritable(reason=f"{len(views)} images")
    body = b"".join(_write_view(view) for view in views)
    return HEADER.pack(MAGIC, HEADER.size + len(body), len(views), 0, ONE_REPRESENTATION) + body


def _read_view(cursor: Cursor) -> FaceImageView:
    part = next_representation(cursor)
    head = CaptureHead.read(part)
    (landmarks,) = _LANDMARKS.unpack(part.take(_LANDMARKS.size, "the facial information"))
    part.take(landmarks * _LANDMARK_BYTES, "the landmarks")
    at = part.position
    kind, coding, width, height, _, _, _, colours = _IMAGE.unpack(part.take(_IMAGE.size, "the image information"))
    if coding not in tuple(FaceCoding):
        part.refuse(f"an image data type of {coding}, which has no meaning", at)
    if not width or not height:
        part.refuse(f"an image of {width} x {height} pixels", at)
    image = part.take(part.u32("the image's length"), "the image")
    return FaceImageView(
        image, FaceCoding(coding), width, height, kind, colours, head.quality, head.captured, *head.device
    )


def _write_view(view: FaceImageView) -> bytes:
    body = (
        CaptureHead.of(view).to_bytes()
        + _LANDMARKS.pack(0)
        + _IMAGE.pack(view.kind, view.coding, view.width, view.height, 0, 0, 0, view.colours)
        + len(view.image).to_bytes(4)
        + view.image
    )
    return with_length(body)
