"""Inspecting: any place proves a packet whole and genuine without being able to open it."""

from dataclasses import dataclass
from typing import BinaryIO, Final

from rekam.packet.frame import CiphertextReader, VerifyWith, read_head
from rekam.packet.header import Header

__all__ = ["Inspection", "inspect"]

_READ_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Inspection:
    """What was proved: the header, the `packet_id` (hex) that these bytes have, their number."""

    header: Header
    packet_id: str
    size: int


def inspect(stream: BinaryIO, verify_key: VerifyWith) -> Inspection:
    """Read one packet from `stream` to its end, in constant memory.

    `verify_key` is the station's, or a function that finds it for the claimed header (see `signer.station_key`).
    Raises a PacketError: truncated, altered, another station's, an unknown version, trailing bytes.
    """
    head = read_head(stream, verify_key)
    reader, left = CiphertextReader(stream, head), head.header.size
    while left:
        left -= len(reader.read(min(left, _READ_BYTES)))
    return Inspection(head.header, reader.finish(), len(head.raw) + head.header.size)
