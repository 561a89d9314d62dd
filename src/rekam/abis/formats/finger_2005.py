"""The finger minutiae record of ISO/IEC 19794-2:2005, clause 7: 24 bytes of header, six a minutia.

Checked against 1,280 records of another vendor (read, and written again byte for byte) and the example of the
standard's annex C as another implementation keeps it (two views, extended data).
"""

import struct

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import RecordNotWritable
from rekam.abis.formats.capture import LARGEST_QUALITY, QUALITY_NOT_COMPUTED, QualityBlock
from rekam.abis.formats.cursor import Cursor
from rekam.abis.formats.extended import extended_at
from rekam.abis.formats.finger_record import (
    FINGERS,
    LARGEST_COORDINATE,
    MINUTIA,
    NOT_REPORTED,
    RESOLUTIONS,
    FingerRecord,
    FingerView,
    Impression,
    MinutiaKind,
    require_writable,
)

FORMAT = "ISO/IEC 19794-2:2005"
MAGIC = b"FMR\0 20\0"
HEADER = struct.Struct(">8sIHHHHHBB")
LARGEST_VIEWS = 255
LARGEST_NUMBER = 15
IMPRESSIONS = (*range(4), Impression.LIVE_SWIPE)
NO_QUALITY = 0
"""A minutia of quality 0 has none reported (clause 6.4.5), so a true 0 comes back as `NOT_REPORTED`."""
_ON_DISK = np.dtype([("kind_x", ">u2"), ("y", ">u2"), ("direction", "u1"), ("quality", "u1")])


def read(data: bytes) -> FingerRecord:
    """Reads a whole record. Raises `RecordMalformed` with the byte that is wrong."""
    cursor = Cursor(data, FORMAT)
    cursor.require_magic(MAGIC, "the mark FMR 20")
    at = cursor.position
    length = cursor.u32("the length")
    if length != len(data):
        cursor.refuse(f"its length says {length} bytes, there are {len(data)}", at)
    equipment = cursor.u16("the capture equipment")
    width, height = (_within(cursor, range(1, 0x10000), "an image size") for _ in range(2))
    resolution = (_resolution(cursor), _resolution(cursor))
    count = cursor.u8("the number of views")
    cursor.take(1, "the reserved byte")
    views = tuple(_read_view(cursor, width, height, resolution) for _ in range(count))
    cursor.require_end()
    return FingerRecord(views, equipment)


def write(record: FingerRecord) -> bytes:
    """The record's bytes. Raises `RecordNotWritable` for what this edition cannot hold.

    Capture times, vendors and certificates of the 2011 edition have no place here and are left out.
    """
    if not record.views or len(record.views) > LARGEST_VIEWS:
        raise RecordNotWritable(reason=f"{len(record.views)} views")
    first = record.views[0]
    common = (first.width, first.height, *first.resolution)
    if any((view.width, view.height, *view.resolution) != common for view in record.views):
        raise RecordNotWritable(reason="views of different size or resolution")
    body = b"".join(_write_view(view) for view in record.views)
    return HEADER.pack(MAGIC, HEADER.size + len(body), record.equipment, *common, len(record.views), 0) + body


def minutiae_at(cursor: Cursor, count: int, width: int, height: int) -> NDArray[np.void]:
    """The next `count` six-byte minutiae, an array of `MINUTIA` with qualities as they stand."""
    start = cursor.position
    held = np.frombuffer(cursor.take(count * _ON_DISK.itemsize, f"{count} minutiae"), _ON_DISK)
    minutiae = np.empty(count, MINUTIA)
    minutiae["kind"], minutiae["x"] = held["kind_x"] >> 14, held["kind_x"] & LARGEST_COORDINATE
    # the upper two bits of y are reserved; the standard has readers ignore them
    minutiae["y"] = held["y"] & LARGEST_COORDINATE
    minutiae["direction"], minutiae["quality"] = held["direction"], held["quality"]
    require_minutiae(cursor, minutiae, (width, height), start, _ON_DISK.itemsize)
    return minutiae


def require_minutiae(
    cursor: Cursor, minutiae: NDArray[np.void], size: tuple[int, int], start: int, stride: int
) -> None:
    """Refuses a reserved kind, a place outside the image, a quality of no meaning, at the first such minutia.

    `minutiae` is `MINUTIA` [n], `size` the image's (width, height) in pixels; the first of them lies at byte `start` of
    the record, each `stride` bytes after the one before.
    """
    wrong = (minutiae["kind"] > MinutiaKind.BIFURCATION) | (minutiae["x"] >= size[0]) | (minutiae["y"] >= size[1])
    wrong |= (minutiae["quality"] > LARGEST_QUALITY) & (minutiae["quality"] < NOT_REPORTED)
    if wrong.any():
        first = int(np.argmax(wrong))
        cursor.refuse(f"minutia {first} is outside the image or of no known kind or quality", start + first * stride)


def minutiae_to_bytes(minutiae: NDArray[np.void]) -> bytes:
    """Six bytes for each of `minutiae`, `MINUTIA` [n], qualities as they stand."""
    held = np.empty(len(minutiae), _ON_DISK)
    held["kind_x"] = minutiae["kind"].astype(np.uint16) << 14 | minutiae["x"]
    held["y"], held["direction"], held["quality"] = minutiae["y"], minutiae["direction"], minutiae["quality"]
    return held.tobytes()


def _read_view(cursor: Cursor, width: int, height: int, resolution: tuple[int, int]) -> FingerView:
    position = _within(cursor, FINGERS, "a finger position", bytes_=1)
    at = cursor.position
    number, impression = divmod(cursor.u8("the view number"), 16)
    if impression not in IMPRESSIONS:
        cursor.refuse(f"an impression of kind {impression}", at)
    quality = _within(cursor, range(LARGEST_QUALITY + 1), "a finger quality", bytes_=1)
    minutiae = minutiae_at(cursor, cursor.u8("the number of minutiae"), width, height)
    minutiae["quality"][minutiae["quality"] == NO_QUALITY] = NOT_REPORTED
    extended = extended_at(cursor)
    blocks = (QualityBlock(quality),)
    return FingerView(minutiae, position, width, height, resolution, number, Impression(impression), blocks, extended)


def _write_view(view: FingerView) -> bytes:
    require_writable(view)
    if view.impression not in IMPRESSIONS or view.number > LARGEST_NUMBER or view.position not in FINGERS:
        raise RecordNotWritable(reason="an impression, view number or finger that the 2005 edition does not know")
    score = view.quality[0].score if view.quality else 0
    score = 0 if score == QUALITY_NOT_COMPUTED else score
    minutiae = view.minutiae.copy()
    minutiae["quality"][minutiae["quality"] >= NOT_REPORTED] = NO_QUALITY
    head = bytes([view.position, view.number << 4 | view.impression, score, len(minutiae)])
    return head + minutiae_to_bytes(minutiae) + len(view.extended).to_bytes(2) + view.extended


def _resolution(cursor: Cursor) -> int:
    return _within(cursor, RESOLUTIONS, "a resolution in pixels a centimetre")


def _within(cursor: Cursor, allowed: range, what: str, bytes_: int = 2) -> int:
    at = cursor.position
    value = int.from_bytes(cursor.take(bytes_, what))
    if value not in allowed:
        cursor.refuse(f"{what} of {value}", at)
    return value
