"""The finger image record of ISO/IEC 19794-4:2011, clause 8: 16 bytes of header, then one representation a finger.

Field order and codes agree with MOSIP's reader and writer; no foreign file of this edition was at hand. Extended data
(segmentation, annotation, comments) is stepped over: what it tells, the engine finds out by itself.
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

FORMAT = "ISO/IEC 19794-4:2011"
MAGIC = b"FIR\x00020\x00"
HEADER = struct.Struct(">8sIHBB")
PER_CENTIMETRE = 2.54
_IMAGE = struct.Struct(">BBBHHHHBBBHH")
_CERTIFICATION_BYTES = 3


class FingerCoding(IntEnum):
    """Table 9: how the pixels are packed."""

    RAW = 0
    BIT_PACKED = 1
    WSQ = 2
    JPEG = 3
    JPEG2000_LOSSY = 4
    JPEG2000 = 5
    PNG = 6


class ScaleUnit(IntEnum):
    """What a sampling rate counts in."""

    PER_INCH = 1
    PER_CENTIMETRE = 2


@dataclass(frozen=True)
class FingerImageView:
    """One image of one finger (`position` 0 unknown, 1-10; 13-15 are slaps). `image` is coded as `coding` says,
    `width` x `height` pixels of `depth` bits; `rate` the image's sampling rate, horizontal and vertical, in `unit`.
    """

    image: bytes
    coding: FingerCoding
    width: int
    height: int
    position: int = 0
    rate: tuple[int, int] = (500, 500)
    unit: ScaleUnit = ScaleUnit.PER_INCH
    depth: int = 8
    number: int = 0
    impression: int = 0
    quality: tuple[QualityBlock, ...] = ()
    captured: CaptureTime = UNTOLD_TIME
    device_technology: int = 0
    device_vendor: int = 0
    device_type: int = 0

    @property
    def dpi(self) -> float | None:
        """Pixels an inch, None where the record leaves it out or tells two different ones."""
        across, down = self.rate
        if not across or across != down:
            return None
        return across * PER_CENTIMETRE if self.unit is ScaleUnit.PER_CENTIMETRE else float(across)


def read(data: bytes) -> tuple[FingerImageView, ...]:
    """Every image of a record, still coded. Raises `RecordMalformed` with the byte that is wrong."""
    cursor = Cursor(data, FORMAT)
    cursor.require_magic(MAGIC, "the mark FIR 020")
    require_length(cursor, data)
    count = cursor.u16("the number of representations")
    at = cursor.position
    certified = cursor.u8("the certification flag")
    if certified > 1:
        cursor.refuse(f"a certification flag of {certified}", at)
    cursor.u8("the number of positions")
    views = tuple(_read_view(cursor, certified=bool(certified)) for _ in range(count))
    cursor.require_end()
    return views


def write(views: tuple[FingerImageView, ...]) -> bytes:
    """The record's bytes, without certification and extended data. Raises `RecordNotWritable`."""
    if not views or len(views) > 0xFFFF:
        raise RecordNotWritable(reason=f"{len(views)} images")
    body = b"".join(_write_view(view) for view in views)
    return HEADER.pack(MAGIC, HEADER.size + len(body), len(views), 0, len({view.position for view in views})) + body


def _read_view(cursor: Cursor, *, certified: bool) -> FingerImageView:
    part = next_representation(cursor)
    head = CaptureHead.read(part)
    if certified:
        part.take(part.u8("the number of certificates") * _CERTIFICATION_BYTES, "the certificates")
    at = part.position
    fields = _IMAGE.unpack(part.take(_IMAGE.size, "the image information"))
    position, number, unit, _, _, across, down, depth, coding, impression, width, height = fields
    if coding not in tuple(FingerCoding) or unit not in tuple(ScaleUnit):
        part.refuse(f"compression {coding} or scale unit {unit} of no meaning", at)
    if not width or not height:
        part.refuse(f"an image of {width} x {height} pixels", at)
    image = part.take(part.u32("the image's length"), "the image")
    return FingerImageView(
        image,
        FingerCoding(coding),
        width,
        height,
        position,
        (across, down),
        ScaleUnit(unit),
        depth,
        number,
        impression,
        head.quality,
        head.captured,
        *head.device,
    )


def _write_view(view: FingerImageView) -> bytes:
    body = (
        CaptureHead.of(view).to_bytes()
        + _IMAGE.pack(
            view.position,
            view.number,
            view.unit,
            *view.rate,
            *view.rate,
            view.depth,
            view.coding,
            view.impression,
            view.width,
            view.height,
        )
        + len(view.image).to_bytes(4)
        + view.image
    )
    return with_length(body)
