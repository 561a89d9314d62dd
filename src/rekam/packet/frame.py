"""A packet's outer frame: magic, version, header length, signed header; then the ciphertext to the end."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from rekam.packet.errors import (
    CiphertextAltered,
    NotAPacket,
    PacketHeaderAltered,
    PacketHeaderUnreadable,
    PacketTruncated,
    SealedByAnotherStation,
    TrailingBytes,
    UnknownPacketVersion,
)
from rekam.packet.header import VERSION, Header
from rekam.packet.limits import MAX_HEADER_BYTES
from rekam.trust.cose import EnvelopeUnreadable, SignedByAnother, WrongKind, peek1, sign1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = ["CiphertextReader", "Head", "VerifyWith", "head_bytes", "read_head"]

# As PNG's: the high bit shows a 7-bit channel, CR LF one that rewrites line ends.
MAGIC: Final = b"\x89REKAM\r\n"
KIND: Final = "rekam/packet"
_PREAMBLE: Final = MAGIC + VERSION.to_bytes(2, "big")

VerifyWith = VerifyKey | Callable[[Header], VerifyKey]


@dataclass(frozen=True)
class Head:
    """A verified header and the bytes of the file up to the ciphertext."""

    header: Header
    raw: bytes


def head_bytes(header: Header, signer: SigningKey) -> bytes:
    """Everything before the ciphertext, signed."""
    signed = sign1(header.to_bytes(), signer, kind=KIND, external_aad=_PREAMBLE)
    return _PREAMBLE + len(signed).to_bytes(4, "big") + signed


def read_head(stream: BinaryIO, verify_with: VerifyWith) -> Head:
    """Read and verify up to the ciphertext.

    `verify_with` is the station's key, or gives it for the header that is claimed, before it is verified.
    """
    preamble = _read(stream, len(_PREAMBLE))
    if preamble[: len(MAGIC)] != MAGIC:
        raise NotAPacket
    if preamble != _PREAMBLE:
        raise UnknownPacketVersion(version=int.from_bytes(preamble[len(MAGIC) :], "big"))
    length = _read(stream, 4)
    size = int.from_bytes(length, "big")
    if size > MAX_HEADER_BYTES:
        raise PacketHeaderUnreadable(reason="its length")
    signed = _read(stream, size)
    return Head(_verified(signed, verify_with), preamble + length + signed)


def _verified(signed: bytes, verify_with: VerifyWith) -> Header:
    try:
        parts = peek1(signed, kind=KIND)
    except EnvelopeUnreadable as unreadable:
        raise PacketHeaderUnreadable(**unreadable.facts) from None
    except WrongKind as wrong:
        raise PacketHeaderUnreadable(reason=f"a signed {wrong.facts['found']}") from None
    header = Header.from_bytes(parts.payload)
    if header.signer != parts.key_id:
        raise PacketHeaderAltered
    key = verify_with if isinstance(verify_with, VerifyKey) else verify_with(header)
    try:
        parts.verify(key, _PREAMBLE)
    except SignedByAnother as other:
        raise SealedByAnotherStation(signer=other.facts["found"], expected=other.facts["expected"]) from None
    except SignatureInvalid:
        raise PacketHeaderAltered from None
    return header


class CiphertextReader:
    """Reads the ciphertext that a header announces, hashing it; `finish` proves that it was that and no more."""

    def __init__(self, stream: BinaryIO, head: Head) -> None:
        self._stream, self._header, self._left = stream, head.header, head.header.size
        self._ciphertext, self._file = hashlib.sha256(), hashlib.sha256(head.raw)

    def read(self, count: int) -> bytes:
        """Exactly `count` bytes. Raises PacketTruncated."""
        data = _read(self._stream, count, still_to_come=self._left - count)
        self._left -= count
        self._ciphertext.update(data)
        self._file.update(data)
        return data

    def finish(self) -> str:
        """The packet_id, once all was read. Raises TrailingBytes or CiphertextAltered."""
        if self._stream.read(1):
            raise TrailingBytes
        if self._ciphertext.digest() != self._header.sha256:
            raise CiphertextAltered
        return self._file.hexdigest()


def _read(stream: BinaryIO, count: int, *, still_to_come: int = 0) -> bytes:
    data = stream.read(count)
    while 0 < len(data) < count and (more := stream.read(count - len(data))):
        data += more
    if len(data) < count:
        raise PacketTruncated(missing=count - len(data) + still_to_come)
    return data
