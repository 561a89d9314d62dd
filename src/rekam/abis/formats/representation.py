"""How every representation of a 2011 record begins: its length, when, with what and how well it was captured."""

import struct
from typing import NamedTuple, Protocol

from rekam.abis.formats.capture import CaptureTime, QualityBlock, quality_blocks_to_bytes, read_quality_blocks
from rekam.abis.formats.cursor import Cursor

_DEVICE = struct.Struct(">BHH")
_LENGTH = 4


class _Captured(Protocol):
    """What a view of any modality tells of its capture."""

    @property
    def captured(self) -> CaptureTime: ...
    @property
    def device_technology(self) -> int: ...
    @property
    def device_vendor(self) -> int: ...
    @property
    def device_type(self) -> int: ...
    @property
    def quality(self) -> tuple[QualityBlock, ...]: ...


class CaptureHead(NamedTuple):
    """Time of capture; the device's technology, vendor and type; the quality blocks (19794-1:2011 clause 12.2)."""

    captured: CaptureTime
    device: tuple[int, int, int]
    quality: tuple[QualityBlock, ...]

    @classmethod
    def of(cls, view: _Captured) -> "CaptureHead":
        """What this view says."""
        return cls(view.captured, (view.device_technology, view.device_vendor, view.device_type), view.quality)

    @classmethod
    def read(cls, cursor: Cursor) -> "CaptureHead":
        """The next 14 bytes and the blocks."""
        captured = CaptureTime.read(cursor)
        technology, vendor, type_ = _DEVICE.unpack(cursor.take(_DEVICE.size, "the device"))
        return cls(captured, (technology, vendor, type_), read_quality_blocks(cursor))

    def to_bytes(self) -> bytes:
        """As `read` takes them."""
        return self.captured.to_bytes() + _DEVICE.pack(*self.device) + quality_blocks_to_bytes(self.quality)


def require_length(cursor: Cursor, whole: bytes) -> None:
    """The record's own length, which must be that of `whole`. Raises `RecordMalformed`."""
    at = cursor.position
    length = cursor.u32("the length")
    if length != len(whole):
        cursor.refuse(f"its length says {length} bytes, there are {len(whole)}", at)


def next_representation(cursor: Cursor) -> Cursor:
    """The next representation, behind its length, which counts itself. Raises `RecordMalformed`."""
    at = cursor.position
    length = cursor.u32("a representation's length")
    cursor.position = at
    part = cursor.part(length, "a representation")
    part.take(_LENGTH, "a representation's length")
    return part


def with_length(body: bytes) -> bytes:
    """A representation's bytes with their length before them."""
    return (_LENGTH + len(body)).to_bytes(_LENGTH) + body
