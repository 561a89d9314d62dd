"""Which packets travel, and in which of a trip's files: `fitting`, `in_parts`."""

from collections.abc import Iterable, Iterator
from typing import Final

from rekam.exchange.courier.manifest import MAX_ITEMS
from rekam.exchange.outbox import Waiting

__all__ = ["FRAME_BYTES", "fitting", "in_parts"]

FRAME_BYTES: Final = 16 * 1024
"""Room for everything in a file that is neither a packet nor its line in the list."""
_ITEM_BYTES: Final = 160
_PACKETS: Final = MAX_ITEMS - 2000
"""In one file; what else a place says has its lines in the list, too."""


def fitting(packets: Iterable[Waiting], room: int, file_limit: int) -> list[Waiting]:
    """What fits into `room` bytes, oldest first; one that is too large does not keep smaller ones from travelling."""
    chosen = []
    for packet in packets:
        needed = packet.size + _ITEM_BYTES
        if needed <= min(room, file_limit - FRAME_BYTES):
            chosen.append(packet)
            room -= needed
    return chosen


def in_parts(packets: Iterable[Waiting], file_limit: int) -> Iterator[list[Waiting]]:
    """The packets of one file after the other, none of which will be longer than `file_limit` bytes."""
    part: list[Waiting] = []
    filled = FRAME_BYTES
    for packet in packets:
        if part and (filled + packet.size + _ITEM_BYTES > file_limit or len(part) == _PACKETS):
            yield part
            part, filled = [], FRAME_BYTES
        part.append(packet)
        filled += packet.size + _ITEM_BYTES
    if part:
        yield part
