"""The extended data block behind a view's minutiae: a length, then areas of type, length and data."""

from rekam.abis.formats.cursor import Cursor

AREA_HEAD = 4
"""Type u16 and length u16; the length counts these four bytes (19794-2:2005 clause 7.5.1)."""


def extended_at(cursor: Cursor) -> bytes:
    """Steps over the block and returns it as it stands. Its areas are not looked into: records in the field have areas
    that break the rules, and minutiae beside them that are sound.
    """
    return cursor.take(cursor.u16("the length of the extended data"), "the extended data")


def areas(extended: bytes) -> list[tuple[int, bytes]]:
    """The areas of a block: type (1 ridge counts, 2 cores and deltas, 3 zonal quality, >= 0x100 vendors') and data.

    Raises `RecordMalformed` where their lengths do not fit the block; its offset counts from the block's beginning.
    """
    cursor = Cursor(extended, "extended data")
    found = []
    while cursor.left:
        at = cursor.position
        kind, length = cursor.u16("an extended data area"), cursor.u16("an extended data area")
        if length < AREA_HEAD:
            cursor.refuse(f"an extended data area of {length} bytes", at)
        found.append((kind, cursor.take(length - AREA_HEAD, "an extended data area")))
    return found
