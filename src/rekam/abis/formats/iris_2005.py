"""The iris image record of ISO/IEC 19794-6:2005, clause 7: 45 bytes of header, then for each eye its images.

Checked against two foreign files: one of MOSIP's (one eye, JPEG 2000), one of NIST's (two eyes, JPEG; it calls itself
version 013, which is read too).
"""

import struct
from itertools import groupby
from typing import NamedTuple

from rekam.abis.errors import RecordNotWritable
from rekam.abis.formats.capture import LARGEST_QUALITY, QualityBlock
from rekam.abis.formats.cursor import Cursor
from rekam.abis.formats.iris_record import Coding, Device2005, Eye, IrisRecord, IrisView, Orientation

FORMAT = "ISO/IEC 19794-6:2005"
MAGIC = b"IIR\x00"
VERSION = b"010\x00"
VERSIONS = (VERSION, b"013\x00")
HEADER = struct.Struct(">4s4sIHBHHHHHHBB16s")
CODES = {
    0x02: Coding.MONO_RAW,
    0x04: Coding.RGB_RAW,
    0x06: Coding.MONO_JPEG,
    0x08: Coding.RGB_JPEG,
    0x0A: Coding.MONO_JPEG_LS,
    0x0C: Coding.RGB_JPEG_LS,
    0x0E: Coding.MONO_JPEG2000,
    0x10: Coding.RGB_JPEG2000,
}
NO_QUALITY = (254, 255)
_IMAGE = struct.Struct(">HBHHI")


def read(data: bytes) -> IrisRecord:
    """Reads a whole record; pictures stay coded. Raises `RecordMalformed` with the byte that is wrong."""
    cursor = Cursor(data, FORMAT)
    cursor.require_magic(MAGIC, "the mark IIR")
    if cursor.take(4, "the version") not in VERSIONS:
        cursor.refuse("another version", 4)
    cursor.position = 0
    _, _, length, device, eyes, head, properties, diameter, coding, width, height, depth, turned, unique = (
        HEADER.unpack(cursor.take(HEADER.size, "the header"))
    )
    if length != len(data):
        cursor.refuse(f"its length says {length} bytes, there are {len(data)}", 8)
    if eyes > len((Eye.RIGHT, Eye.LEFT)) or head != HEADER.size:
        cursor.refuse(f"{eyes} eyes behind a header of {head} bytes", 14)
    if coding not in CODES or not width or not height or 3 in {properties & 3, properties >> 2 & 3}:
        cursor.refuse(f"an image format {coding} of {width} x {height} pixels, or an orientation of no meaning", 17)
    common = _Common(CODES[coding], width, height, depth, Orientation(properties & 3), Orientation(properties >> 2 & 3))
    views = tuple(view for _ in range(eyes) for view in _read_eye(cursor, common))
    cursor.require_end()
    return IrisRecord(views, Device2005(device, properties >> 4, diameter, turned, unique))


def write(record: IrisRecord) -> bytes:
    """The record's bytes. Raises `RecordNotWritable`: all images must be coded, sized and oriented alike.

    Fields of the 2011 edition alone (see `IrisView`) are left out.
    """
    if not record.views:
        raise RecordNotWritable(reason="no images")
    common = _Common.of(record.views[0])
    coding = next((code for code, coding in CODES.items() if coding is common.coding), None)
    if coding is None or any(_Common.of(view) != common for view in record.views):
        raise RecordNotWritable(reason="images that are not all coded, sized and oriented alike")
    eyes = [(eye, list(views)) for eye, views in groupby(record.views, key=lambda view: view.eye)]
    if len({eye for eye, _ in eyes}) != len(eyes) or len(eyes) > len((Eye.RIGHT, Eye.LEFT)):
        raise RecordNotWritable(reason="images that are not ordered by eye")
    body = b"".join(
        bytes([eye]) + len(views).to_bytes(2) + b"".join(_write_image(view) for view in views) for eye, views in eyes
    )
    device = record.device
    properties = common.horizontal | common.vertical << 2 | device.scan << 4
    head = HEADER.pack(
        MAGIC,
        VERSION,
        HEADER.size + len(body),
        device.device,
        len(eyes),
        HEADER.size,
        properties,
        device.diameter,
        coding,
        common.width,
        common.height,
        common.depth,
        device.transformation,
        device.unique_id,
    )
    return head + body


class _Common(NamedTuple):
    """What the header says of every image."""

    coding: Coding
    width: int
    height: int
    depth: int
    horizontal: Orientation
    vertical: Orientation

    @classmethod
    def of(cls, view: IrisView) -> "_Common":
        return cls(view.coding, view.width, view.height, view.depth, view.horizontal, view.vertical)


def _read_eye(cursor: Cursor, common: _Common) -> list[IrisView]:
    at = cursor.position
    eye = cursor.u8("an eye")
    if eye not in tuple(Eye):
        cursor.refuse(f"an eye {eye}", at)
    return [_read_image(cursor, common, Eye(eye)) for _ in range(cursor.u16("the number of images"))]


def _read_image(cursor: Cursor, common: _Common, eye: Eye) -> IrisView:
    at = cursor.position
    number, score, roll, uncertainty, length = _IMAGE.unpack(cursor.take(_IMAGE.size, "an image's header"))
    if score > LARGEST_QUALITY and score not in NO_QUALITY:
        cursor.refuse(f"a quality of {score}", at + 2)
    return IrisView(
        cursor.take(length, "an image"),
        common.coding,
        common.width,
        common.height,
        eye,
        common.depth,
        number,
        horizontal=common.horizontal,
        vertical=common.vertical,
        quality=(QualityBlock(score),) if score <= LARGEST_QUALITY else (),
        roll=roll,
        roll_uncertainty=uncertainty,
    )


def _write_image(view: IrisView) -> bytes:
    score = view.quality[0].score if view.quality else NO_QUALITY[0]
    return _IMAGE.pack(view.number, score, view.roll, view.roll_uncertainty, len(view.image)) + view.image
