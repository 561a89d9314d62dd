"""The iris image record of ISO/IEC 19794-6:2011, clause 7: 16 bytes of header, then representations of one image each.

Field order and codes agree with MOSIP's reader and writer; no foreign file of this edition was at hand.
"""

import struct

from rekam.abis.errors import RecordNotWritable
from rekam.abis.formats.cursor import Cursor
from rekam.abis.formats.iris_record import Coding, Eye, ImageKind, IrisRecord, IrisView, Orientation, Span
from rekam.abis.formats.representation import CaptureHead, next_representation, require_length, with_length

FORMAT = "ISO/IEC 19794-6:2011"
MAGIC = b"IIR\x00020\x00"
HEADER = struct.Struct(">8sIHBB")
CODES = {
    0x02: Coding.MONO_RAW,
    0x04: Coding.RGB_RAW,
    0x06: Coding.MONO_JPEG,
    0x08: Coding.RGB_JPEG,
    0x0A: Coding.MONO_JPEG2000,
    0x0C: Coding.RGB_JPEG2000,
    0x0E: Coding.MONO_PNG,
    0x10: Coding.RGB_PNG,
}
_IMAGE = struct.Struct(">HBBBBHHB9H")


def read(data: bytes) -> IrisRecord:
    """Reads a whole record; pictures stay coded. Raises `RecordMalformed` with the byte that is wrong."""
    cursor = Cursor(data, FORMAT)
    cursor.require_magic(MAGIC, "the mark IIR 020")
    require_length(cursor, data)
    count = cursor.u16("the number of representations")
    if cursor.u8("the certification flag"):
        cursor.refuse("a certification flag, which this edition reserves", cursor.position - 1)
    at = cursor.position
    eyes = cursor.u8("the number of eyes")
    views = tuple(_read_view(cursor) for _ in range(count))
    cursor.require_end()
    if eyes != _eyes(views):
        cursor.refuse(f"it says {eyes} eyes and shows {_eyes(views)}", at)
    return IrisRecord(views)


def write(record: IrisRecord) -> bytes:
    """The record's bytes; `device` of the 2005 edition has no place here. Raises `RecordNotWritable`."""
    if not record.views or len(record.views) > 0xFFFF:
        raise RecordNotWritable(reason=f"{len(record.views)} images")
    body = b"".join(_write_view(view) for view in record.views)
    return HEADER.pack(MAGIC, HEADER.size + len(body), len(record.views), 0, _eyes(record.views)) + body


def _eyes(views: tuple[IrisView, ...]) -> int:
    """How many eyes are shown; 0 where any image's eye is untold."""
    labels = {view.eye for view in views}
    return 0 if Eye.UNTOLD in labels else len(labels)


def _read_view(cursor: Cursor) -> IrisView:
    part = next_representation(cursor)
    head = CaptureHead.read(part)
    at = part.position
    fields = _IMAGE.unpack(part.take(_IMAGE.size, "the image information"))
    number, eye, kind, coding, properties, width, height, depth, range_, roll, uncertainty, *place = fields
    if eye not in tuple(Eye) or kind not in tuple(ImageKind) or coding not in CODES or properties & 0b10011 == 0b11:
        part.refuse(f"eye {eye}, image type {kind}, image format {coding} or orientation of no meaning", at)
    if not width or not height:
        part.refuse(f"an image of {width} x {height} pixels", at)
    image = part.take(part.u32("the image's length"), "the image")
    part.require_end()
    return IrisView(
        image,
        CODES[coding],
        width,
        height,
        Eye(eye),
        depth,
        number,
        ImageKind(kind),
        _orientation(part, properties, at),
        _orientation(part, properties >> 2, at),
        properties >> 4,
        head.quality,
        roll,
        uncertainty,
        range_,
        Span(*place[0:2]),
        Span(*place[2:4]),
        Span(*place[4:6]),
        head.captured,
        *head.device,
    )


def _orientation(part: Cursor, bits: int, at: int) -> Orientation:
    if bits & 3 not in tuple(Orientation):
        part.refuse("an orientation of no meaning", at)
    return Orientation(bits & 3)


def _write_view(view: IrisView) -> bytes:
    coding = next((code for code, coding in CODES.items() if coding is view.coding), None)
    if coding is None:
        raise RecordNotWritable(reason=f"an image coded as {view.coding.name}")
    properties = view.horizontal | view.vertical << 2 | view.compression << 4
    place = (*view.centre_x, *view.centre_y, *view.diameter)
    body = (
        CaptureHead.of(view).to_bytes()
        + _IMAGE.pack(
            view.number,
            view.eye,
            view.kind,
            coding,
            properties,
            view.width,
            view.height,
            view.depth,
            view.range_,
            view.roll,
            view.roll_uncertainty,
            *place,
        )
        + len(view.image).to_bytes(4)
        + view.image
    )
    return with_length(body)
