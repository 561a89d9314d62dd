"""What both records of the 2011 edition say of the capture: when, and how good."""

from typing import NamedTuple

from rekam.abis.formats.cursor import Cursor

UNTOLD_16 = 0xFFFF
UNTOLD_8 = 0xFF
QUALITY_NOT_COMPUTED = 255
LARGEST_QUALITY = 100


class CaptureTime(NamedTuple):
    """Universal time of capture; a field of all ones is untold (19794-1:2011 clause 12.2.2)."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    millisecond: int

    @classmethod
    def read(cls, cursor: Cursor) -> "CaptureTime":
        """The next nine bytes."""
        year = cursor.u16("the capture time")
        month, day, hour, minute, second = cursor.take(5, "the capture time")
        return cls(year, month, day, hour, minute, second, cursor.u16("the capture time"))

    def to_bytes(self) -> bytes:
        """Nine bytes."""
        return self.year.to_bytes(2) + bytes(self[1:6]) + self.millisecond.to_bytes(2)


UNTOLD_TIME = CaptureTime(UNTOLD_16, UNTOLD_8, UNTOLD_8, UNTOLD_8, UNTOLD_8, UNTOLD_8, UNTOLD_16)


class QualityBlock(NamedTuple):
    """One opinion of the sample's quality: 0-100 (255: could not be computed), by whose algorithm (0: untold)."""

    score: int
    vendor: int = 0
    algorithm: int = 0

    def to_bytes(self) -> bytes:
        """Five bytes."""
        return bytes([self.score]) + self.vendor.to_bytes(2) + self.algorithm.to_bytes(2)


def read_quality_blocks(cursor: Cursor) -> tuple[QualityBlock, ...]:
    """A count, then that many blocks (19794-1:2011 clause 12.2.6)."""
    count = cursor.u8("the number of quality blocks")
    return tuple(_read_quality(cursor) for _ in range(count))


def quality_blocks_to_bytes(blocks: tuple[QualityBlock, ...]) -> bytes:
    """The count and the blocks."""
    return bytes([len(blocks)]) + b"".join(block.to_bytes() for block in blocks)


def _read_quality(cursor: Cursor) -> QualityBlock:
    at = cursor.position
    score = cursor.u8("a quality score")
    if score > LARGEST_QUALITY and score != QUALITY_NOT_COMPUTED:
        cursor.refuse(f"a quality of {score}", at)
    return QualityBlock(score, cursor.u16("a quality block"), cursor.u16("a quality block"))
