"""The segments of a WSQ file: tables, frame header, comments and blocks of coefficients.

Source: FBI, WSQ Gray-scale Fingerprint Image Compression Specification (IAFIS-IC-0110 v3.1), clause 5 and annex B.
"""

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rekam.abis.formats.cursor import Cursor
from rekam.abis.wsq.huffman import HuffmanTable
from rekam.abis.wsq.mark import START

FORMAT = "WSQ"
SOI, EOI, SOF, SOB, DTT, DQT, DHT, DRI, COM = range(0xFFA0, 0xFFA9)
MOST_BANDS = 64
MOST_TABLES = 8
MOST_REPEATED = 64
"""Tables defined, and blocks. Encoders write three blocks and at most as many tables; one table takes 128 KiB."""
LONGEST_FILTER = 32
_NEXT_MARKER = re.compile(rb"\xff[^\x00]", re.DOTALL)
_RESOLUTION = re.compile(rb"^PPI\s+(\d{1,5})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Frame:
    """The frame header: size in pixels, and how levels were shifted and scaled before coding."""

    width: int
    height: int
    shift: float
    scale: float


@dataclass
class Segments:
    """What stands in a file. `low` and `high` are the synthesis filters' right halves, centre first; `bins` float64
    [64] and `zero_bins` [64] the quantisers' widths; `blocks` pairs of a table and its coded bytes; `ppi` pixels an
    inch out of a NIST comment.
    """

    frame: Frame | None = None
    low: NDArray[np.float32] | None = None
    high: NDArray[np.float32] | None = None
    centre: float = 0.0
    bins: NDArray[np.float64] | None = None
    zero_bins: NDArray[np.float64] | None = None
    tables: dict[int, HuffmanTable] = field(default_factory=dict)
    tables_defined: int = 0
    blocks: list[tuple[HuffmanTable, bytes]] = field(default_factory=list)
    ppi: int | None = None


def read_frame(data: bytes) -> Segments:
    """Everything before the first block: enough to know the size. Raises `RecordMalformed`."""
    return _read(data, blocks=False)


def read_segments(data: bytes) -> Segments:
    """The whole file. Raises `RecordMalformed`."""
    return _read(data, blocks=True)


def _read(data: bytes, *, blocks: bool) -> Segments:
    cursor = Cursor(data, FORMAT)
    cursor.require_magic(START, "the mark of a WSQ file")
    found = Segments()
    while (marker := cursor.u16("a marker")) != EOI:
        if marker == SOB:
            if found.frame is None:
                cursor.refuse("a block before the frame header", cursor.position - 2)
            if not blocks:
                break
            _read_block(cursor, found)
        elif marker in _READERS:
            body = cursor.part(cursor.u16("a segment's length") - 2, "a segment")
            _READERS[marker](body, found)
        else:
            cursor.refuse(f"a marker {marker:04x} of no meaning", cursor.position - 2)
    return found


def _read_transform(body: Cursor, found: Segments) -> None:
    """DTT: the analysis filters, low pass first; each becomes the other band's synthesis filter, signs alternating."""
    lengths = (body.u8("a filter's length"), body.u8("a filter's length"))
    if any(length % 2 == 0 or length > LONGEST_FILTER for length in lengths):
        body.refuse(f"filters of {lengths[0]} and {lengths[1]} taps, where odd numbers under 32 are read")
    found.high, found.low = (_read_filter(body, length // 2 + 1) for length in lengths)


def _read_filter(body: Cursor, count: int) -> NDArray[np.float32]:
    taps = np.empty(count, np.float32)
    for place in range(count):
        sign = -1.0 if body.u8("a filter's sign") else 1.0
        taps[place] = sign * _scaled(body.u8("a filter's scale"), body.u32("a filter's tap"))
    taps[1::2] *= -1
    return taps


def _read_quantisation(body: Cursor, found: Segments) -> None:
    """DQT: the bin centre, then width and zero bin of each of 64 subbands."""
    found.centre = _read_number(body)
    pairs = np.array([(_read_number(body), _read_number(body)) for _ in range(MOST_BANDS)])
    found.bins, found.zero_bins = pairs[:, 0], pairs[:, 1]


def _read_huffman(body: Cursor, found: Segments) -> None:
    while body.left:
        at = body.position
        number = body.u8("a table's number")
        counts = body.take(16, "a table's code lengths")
        values = body.take(sum(counts), "a table's values")
        if number >= MOST_TABLES:
            body.refuse(f"a table {number}", at)
        found.tables_defined += 1
        if found.tables_defined > MOST_REPEATED:
            body.refuse(f"more than {MOST_REPEATED} tables", at)
        try:
            found.tables[number] = HuffmanTable.of(counts, values)
        except ValueError as failure:
            body.refuse(str(failure), at)


def _read_frame(body: Cursor, found: Segments) -> None:
    body.take(2, "black and white")
    at = body.position
    height, width = body.u16("the height"), body.u16("the width")
    if not width or not height:
        body.refuse(f"an image of {width} x {height} pixels", at)
    found.frame = Frame(width, height, _read_number(body), _read_number(body))


def _read_comment(body: Cursor, found: Segments) -> None:
    told = _RESOLUTION.search(body.take(body.left, "a comment"))
    if told:
        found.ppi = int(told[1])


def _read_block(cursor: Cursor, found: Segments) -> None:
    body = cursor.part(cursor.u16("a block's length") - 2, "a block's header")
    if len(found.blocks) == MOST_REPEATED:
        body.refuse(f"more than {MOST_REPEATED} blocks")
    number = body.u8("a block's table")
    if number not in found.tables:
        body.refuse(f"a block coded with table {number}, which is not there", body.position - 1)
    end = _NEXT_MARKER.search(cursor.data, cursor.position)
    coded = cursor.take((end.start() if end else cursor.end) - cursor.position, "a block")
    found.blocks.append((found.tables[number], coded.replace(b"\xff\x00", b"\xff")))


def _read_number(body: Cursor) -> float:
    return _scaled(body.u8("a scale"), body.u16("a number"))


def _scaled(scale: int, number: int) -> float:
    return number * 10.0**-scale


def _skip(body: Cursor, _: Segments) -> None:
    body.take(body.left, "a restart interval")


_READERS = {
    DTT: _read_transform,
    DQT: _read_quantisation,
    DHT: _read_huffman,
    SOF: _read_frame,
    COM: _read_comment,
    DRI: _skip,
}
