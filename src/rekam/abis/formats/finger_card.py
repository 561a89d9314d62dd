"""The card formats of ISO/IEC 19794-2:2005, clause 8: bare minutiae for a chip that compares them itself.

They hold no header: size, finger and quality are known from elsewhere. By the standard's text only.
"""

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import RecordNotWritable
from rekam.abis.formats.cursor import Cursor
from rekam.abis.formats.finger_record import LARGEST_COORDINATE, MINUTIA, NOT_REPORTED, MinutiaKind

NORMAL_FORMAT, COMPACT_FORMAT = "ISO/IEC 19794-2:2005 card, normal", "ISO/IEC 19794-2:2005 card, compact"
NORMAL_SIZE, COMPACT_SIZE = 5, 3
COMPACT_TURN = 4
"""The compact format's six bits of direction count steps of four of ours (5.625 degrees)."""
CENTIMETRES = {NORMAL_FORMAT: 0.001, COMPACT_FORMAT: 0.01}
"""A place's unit: a hundredth of a millimetre, or a tenth (clauses 8.2 and 8.3)."""


def read_normal(data: bytes, resolution: int = 197) -> NDArray[np.void]:
    """Five bytes a minutia; an array of `MINUTIA` with places in pixels at `resolution` pixels a centimetre."""
    held = _rows(data, NORMAL_FORMAT, NORMAL_SIZE)
    kind, x = held[:, 0] >> 6, (held[:, 0] & 0x3F) << 8 | held[:, 1]
    y = (held[:, 2] & 0x3F) << 8 | held[:, 3]
    return _minutiae(NORMAL_FORMAT, kind, (x, y), held[:, 4], resolution)


def read_compact(data: bytes, resolution: int = 197) -> NDArray[np.void]:
    """Three bytes a minutia; as `read_normal`."""
    held = _rows(data, COMPACT_FORMAT, COMPACT_SIZE)
    places = (held[:, 0], held[:, 1])
    return _minutiae(COMPACT_FORMAT, held[:, 2] >> 6, places, (held[:, 2] & 0x3F) * COMPACT_TURN, resolution)


def write_normal(minutiae: NDArray[np.void], resolution: int = 197) -> bytes:
    """The inverse of `read_normal`: `minutiae` is `MINUTIA` [n], places in pixels at `resolution` pixels a cm. Raises
    `RecordNotWritable` for places beyond 163 mm.
    """
    x, y = _units(minutiae, NORMAL_FORMAT, resolution, LARGEST_COORDINATE)
    kind = minutiae["kind"].astype(np.uint16)
    return np.stack([kind << 6 | x >> 8, x & 0xFF, y >> 8, y & 0xFF, minutiae["direction"]], 1).astype("u1").tobytes()


def write_compact(minutiae: NDArray[np.void], resolution: int = 197) -> bytes:
    """The inverse of `read_compact`; `minutiae` as `write_normal`. Raises `RecordNotWritable` for places beyond
    25.5 mm.
    """
    x, y = _units(minutiae, COMPACT_FORMAT, resolution, 0xFF)
    turn = np.rint(minutiae["direction"] / COMPACT_TURN).astype(np.uint16) % 64
    return np.stack([x, y, minutiae["kind"].astype(np.uint16) << 6 | turn], 1).astype("u1").tobytes()


def _rows(data: bytes, format_: str, size: int) -> NDArray[np.integer]:
    cursor = Cursor(data, format_)
    if len(data) % size:
        cursor.refuse(f"{len(data)} bytes are no whole number of minutiae", len(data) - len(data) % size)
    return np.frombuffer(data, np.uint8).reshape(-1, size).astype(np.uint16)


def _minutiae(
    format_: str,
    kind: NDArray[np.integer],
    places: tuple[NDArray[np.integer], NDArray[np.integer]],
    direction: NDArray[np.integer],
    resolution: int,
) -> NDArray[np.void]:
    wrong = kind > MinutiaKind.BIFURCATION
    if wrong.any():
        size = NORMAL_SIZE if format_ == NORMAL_FORMAT else COMPACT_SIZE
        first = int(np.argmax(wrong))
        Cursor(b"", format_).refuse(f"minutia {first} is of no known kind", first * size)
    minutiae = np.empty(len(kind), MINUTIA)
    minutiae["kind"], minutiae["direction"], minutiae["quality"] = kind, direction, NOT_REPORTED
    for axis, units in zip(("x", "y"), places, strict=True):
        minutiae[axis] = np.rint(units * (CENTIMETRES[format_] * resolution))
    return minutiae


def _units(minutiae: NDArray[np.void], format_: str, resolution: int, largest: int) -> list[NDArray[np.integer]]:
    units = [np.rint(minutiae[axis] / (CENTIMETRES[format_] * resolution)) for axis in ("x", "y")]
    if any((axis > largest).any() for axis in units):
        raise RecordNotWritable(reason="a minutia farther from the corner than the card format reaches")
    return [axis.astype(np.uint16) for axis in units]
