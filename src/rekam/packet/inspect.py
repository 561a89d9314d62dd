"""Inspecting: any place proves a packet whole and genuine without being able to open it."""

import hashlib
import io
from dataclasses import dataclass
from typing import BinaryIO, Final

from rekam.packet.errors import CiphertextAltered, PacketTruncated, TrailingBytes
from rekam.packet.frame import CiphertextReader, VerifyWith, read_head
from rekam.packet.header import Header
from rekam.storage.hashed import Hashed

__all__ = ["Inspection", "inspect", "inspect_whole"]

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


def inspect_whole(whole: Hashed, verify_key: VerifyWith) -> Inspection:
    """`inspect` of a packet that is in memory: the same proof, hashed once and not copied."""
    head = read_head(io.BytesIO(whole.data), verify_key)
    ciphertext = memoryview(whole.data)[len(head.raw) :]
    if missing := max(0, head.header.size - len(ciphertext)):
        raise PacketTruncated(missing=missing)
    if len(ciphertext) > head.header.size:
        raise TrailingBytes
    if hashlib.sha256(ciphertext).digest() != head.header.sha256:
        raise CiphertextAltered
    return Inspection(head.header, whole.sha256, len(whole.data))
