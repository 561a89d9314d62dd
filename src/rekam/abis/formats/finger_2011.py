"""The finger minutiae record of ISO/IEC 19794-2:2011, clause 8: 15 bytes of header, then representations that each
bear their own length, capture time, device, qualities, sizes, and five or six bytes a minutia.

Checked against a record of another implementation (two views, quality blocks, extended data; read, and written again
byte for byte). Certification blocks and five-byte minutiae are by the standard's text only.
"""

import struct

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import RecordNotWritable
from rekam.abis.formats.cursor import Cursor
from rekam.abis.formats.extended import extended_at
from rekam.abis.formats.finger_2005 import minutiae_at, minutiae_to_bytes, require_minutiae
from rekam.abis.formats.finger_record import (
    LARGEST_COORDINATE,
    MINUTIA,
    NOT_REPORTED,
    RESOLUTIONS,
    Certificate,
    FingerRecord,
    FingerView,
    Impression,
    require_writable,
)
from rekam.abis.formats.representation import CaptureHead, next_representation, require_length, with_length

FORMAT = "ISO/IEC 19794-2:2011"
MAGIC = b"FMR\x00030\x00"
HEADER = struct.Struct(">8sIHB")
POSITIONS = (*range(11), 13, 14, 15, *range(40, 51))
"""Single fingers, slaps, and pairs and triples of fingers (table 7)."""
WITH_QUALITY = 6
WITHOUT_QUALITY = 5
ENDING_KINDS = (0, 1)
"""Where a ridge ending was placed: by valley skeleton bifurcation, or by ridge skeleton end point (clause 8.4.15)."""


def read(data: bytes) -> FingerRecord:
    """Reads a whole record. Raises `RecordMalformed` with the byte that is wrong."""
    cursor = Cursor(data, FORMAT)
    cursor.require_magic(MAGIC, "the mark FMR 030")
    require_length(cursor, data)
    count = cursor.u16("the number of representations")
    certified = _one_of(cursor, (0, 1), "a certification flag") == 1
    views = tuple(_read_view(next_representation(cursor), certified=certified) for _ in range(count))
    cursor.require_end()
    return FingerRecord(views)


def write(record: FingerRecord) -> bytes:
    """The record's bytes. Raises `RecordNotWritable`; `equipment` has no place in this edition and is left out."""
    if not record.views or len(record.views) > 0xFFFF:
        raise RecordNotWritable(reason=f"{len(record.views)} views")
    certified = any(view.certificates for view in record.views)
    body = b"".join(_write_view(view, certified=certified) for view in record.views)
    return HEADER.pack(MAGIC, HEADER.size + len(body), len(record.views), certified) + body


def _read_view(cursor: Cursor, *, certified: bool) -> FingerView:
    head = CaptureHead.read(cursor)
    certificates = _read_certificates(cursor) if certified else ()
    position = _one_of(cursor, POSITIONS, "a finger position")
    number = cursor.u8("the representation number")
    resolution = (_in(cursor, RESOLUTIONS, "a resolution"), _in(cursor, RESOLUTIONS, "a resolution"))
    impression = Impression(_one_of(cursor, tuple(Impression), "an impression of kind"))
    sizes = range(1, LARGEST_COORDINATE + 1)
    width, height = _in(cursor, sizes, "an image size"), _in(cursor, sizes, "an image size")
    layout = cursor.u8("the minutia field")
    if layout >> 4 not in {WITHOUT_QUALITY, WITH_QUALITY} or layout & 15 not in ENDING_KINDS:
        cursor.refuse(f"minutiae of {layout >> 4} bytes, ridge endings of kind {layout & 15}", cursor.position - 1)
    minutiae = _read_minutiae(cursor, cursor.u8("the number of minutiae"), (width, height), layout >> 4)
    extended = extended_at(cursor)
    cursor.require_end()
    return FingerView(
        minutiae,
        position,
        width,
        height,
        resolution,
        number,
        impression,
        head.quality,
        extended,
        head.captured,
        *head.device,
        certificates,
        layout & 15,
    )


def _read_minutiae(cursor: Cursor, count: int, size: tuple[int, int], stride: int) -> NDArray[np.void]:
    if stride == WITH_QUALITY:
        return minutiae_at(cursor, count, *size)
    start = cursor.position
    held = np.frombuffer(cursor.take(count * stride, f"{count} minutiae"), np.uint8).reshape(count, stride)
    minutiae = np.empty(count, MINUTIA)
    minutiae["kind"] = held[:, 0] >> 6
    minutiae["x"] = (held[:, 0].astype(np.uint16) & 0x3F) << 8 | held[:, 1]
    minutiae["y"] = (held[:, 2].astype(np.uint16) & 0x3F) << 8 | held[:, 3]
    minutiae["direction"], minutiae["quality"] = held[:, 4], NOT_REPORTED
    require_minutiae(cursor, minutiae, size, start, stride)
    return minutiae


def _read_certificates(cursor: Cursor) -> tuple[Certificate, ...]:
    count = cursor.u8("the number of certificates")
    return tuple(Certificate(cursor.u16("a certificate"), cursor.u8("a certificate")) for _ in range(count))


def _write_view(view: FingerView, *, certified: bool) -> bytes:
    require_writable(view)
    if max(view.width, view.height) > LARGEST_COORDINATE or view.position not in POSITIONS:
        raise RecordNotWritable(reason="an image size or a finger that the 2011 edition does not know")
    told = bool((view.minutiae["quality"] != NOT_REPORTED).any())
    minutiae = minutiae_to_bytes(view.minutiae)
    if not told:
        minutiae = np.frombuffer(minutiae, np.uint8).reshape(-1, WITH_QUALITY)[:, :WITHOUT_QUALITY].tobytes()
    body = (
        CaptureHead.of(view).to_bytes()
        + (_certificates_to_bytes(view.certificates) if certified else b"")
        + struct.pack(">BBHHB", view.position, view.number, *view.resolution, view.impression)
        + struct.pack(">HHB", view.width, view.height, (5 + told) << 4 | view.ending_kind)
        + bytes([len(view.minutiae)])
        + minutiae
        + len(view.extended).to_bytes(2)
        + view.extended
    )
    return with_length(body)


def _certificates_to_bytes(certificates: tuple[Certificate, ...]) -> bytes:
    return bytes([len(certificates)]) + b"".join(struct.pack(">HB", *certificate) for certificate in certificates)


def _one_of(cursor: Cursor, allowed: tuple[int, ...], what: str) -> int:
    at = cursor.position
    value = cursor.u8(what)
    if value not in allowed:
        cursor.refuse(f"{what} of {value}", at)
    return value


def _in(cursor: Cursor, allowed: range, what: str) -> int:
    at = cursor.position
    value = cursor.u16(what)
    if value not in allowed:
        cursor.refuse(f"{what} of {value}", at)
    return value
