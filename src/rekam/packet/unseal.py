"""Opening a packet at the centre."""

from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import BinaryIO

from rekam.enrolment.errors import RekamError
from rekam.packet.errors import PacketKeyUnusable, SealedToAnotherCentre
from rekam.packet.frame import CiphertextReader, Head, VerifyWith, read_head
from rekam.packet.header import Header
from rekam.trust.sealing import OpeningKey, Unopenable
from rekam.trust.stream import StreamKey, open_chunks

__all__ = ["Plaintext", "unseal"]


def unseal(stream: BinaryIO, opening_keys: Iterable[OpeningKey], verify_key: VerifyWith) -> "Plaintext":
    """Verify the header of the packet in `stream`, unwrap its content key, give its content as a stream.

    The header names the key, because HPKE cannot tell a wrong key from changed bytes. Raises a PacketError;
    reading from the result raises the errors of `stream` and `frame` as well.
    """
    head = read_head(stream, verify_key)
    header = head.header
    key = next((key for key in opening_keys if key.key_id == header.recipient and key.suite is header.suite), None)
    if key is None:
        raise SealedToAnotherCentre(recipient=header.recipient.hex())
    try:
        content_key = StreamKey.from_bytes(key.open(header.wrapped_key, header.context()))
    except Unopenable:
        raise PacketKeyUnusable from None
    return Plaintext(stream, head, content_key)


class Plaintext(RawIOBase):
    """A packet's content, readable like a binary file in constant memory.

    Each chunk is proved before it is given out. That the content is complete is proved at its end: whoever
    stops earlier has proved nothing about the rest.
    """

    def __init__(self, stream: BinaryIO, head: Head, key: StreamKey) -> None:
        super().__init__()
        self.header: Header = head.header
        self._chunks = self._opened(stream, head, key)
        self._held = memoryview(b"")
        self._failure: RekamError | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than Buffer
        """Fill `buffer` as far as the current chunk reaches; 0 only at the proved end."""
        while not self._held:
            chunk = self._next_chunk()
            if chunk is None:
                return 0
            self._held = memoryview(chunk)
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def _next_chunk(self) -> bytes | None:
        # a generator that failed looks exhausted afterwards, and the end must never be claimed unproved
        if self._failure is not None:
            raise self._failure
        try:
            return next(self._chunks, None)
        except RekamError as failure:
            self._failure = failure
            raise

    @staticmethod
    def _opened(stream: BinaryIO, head: Head, key: StreamKey) -> Iterator[bytes]:
        header, reader = head.header, CiphertextReader(stream, head)
        yield from open_chunks(reader.read, header.size, key, header.context(), chunk_bytes=header.chunk_bytes)
        reader.finish()
