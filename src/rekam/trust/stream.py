"""Encryption of content of any size in constant memory: STREAM over AES-256-GCM.

Hoang, Reyhanitabar, Rogaway, Vizar, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", CRYPTO 2015, section 7. Each chunk is sealed under the nonce
``prefix (7) | index (4, big-endian) | 1 if it is the last, else 0``: a chunk opens only in its own place,
and a stream cut at a chunk's edge does not end. The key must be fresh for every stream.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rekam.enrolment.errors import RekamError
from rekam.trust.random import Random

__all__ = [
    "CHUNK_BYTES",
    "TAG_BYTES",
    "ChunkAltered",
    "ChunksMissing",
    "ChunksReordered",
    "StreamKey",
    "StreamTooLong",
    "ciphertext_is_possible",
    "open_chunks",
    "seal_chunks",
]

CHUNK_BYTES: Final = 64 * 1024
TAG_BYTES: Final = 16
_KEY_BYTES, _PREFIX_BYTES = 32, 7
_MAX_CHUNKS: Final = 1 << 32
_MAX_DIAGNOSED: Final = 4096  # chunks tried when telling reordering from alteration: 256 MiB at most


class ChunkAltered(RekamError):
    """Bytes of the content were changed (chunk {index}). Nothing of it was taken over.
    Fetch the packet again from the place that holds it; if it fails again, keep both copies and report it.
    """


class ChunksReordered(RekamError):
    """Pieces of the content stand in the wrong order (chunk {found} in the place of chunk {index}).
    Nothing of it was taken over. Fetch the packet again from the place that holds it; if it fails again, report it.
    """


class ChunksMissing(RekamError):
    """The content stops before its end (after chunk {index}). Nothing of it was taken over.
    Fetch the packet again from the place that holds it; if it fails again, report it.
    """


class StreamTooLong(RekamError):
    """The content is longer than one packet can hold. Nothing was sealed. Record fewer or smaller images."""


@dataclass(frozen=True, repr=False)
class StreamKey:
    """The content key (32 bytes) and the nonce prefix (7 bytes) of one stream."""

    key: bytes
    prefix: bytes

    @classmethod
    def fresh(cls, random: Random) -> Self:
        """A new key, for one stream only."""
        return cls(random.bytes(_KEY_BYTES), random.bytes(_PREFIX_BYTES))

    def to_bytes(self) -> bytes:
        """Key, then prefix: 39 bytes."""
        return self.key + self.prefix

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read `to_bytes`."""
        return cls(data[:_KEY_BYTES], data[_KEY_BYTES:])

    def __repr__(self) -> str:
        return "StreamKey(...)"  # the key must reach no log


def seal_chunks(
    content: Iterable[bytes], key: StreamKey, context: bytes, *, chunk_bytes: int = CHUNK_BYTES
) -> Iterator[bytes]:
    """The sealed chunks of `content`, whose pieces may be of any size; each chunk is bound to `context`."""
    cipher = AESGCM(key.key)
    held = bytearray()
    index = 0
    for piece in content:
        held += piece
        start = 0
        # the last chunk is only known at the end, so one full chunk is always held back
        while len(held) - start > chunk_bytes:
            yield cipher.encrypt(_nonce(key, index, last=False), bytes(held[start : start + chunk_bytes]), context)
            start += chunk_bytes
            index += 1
            if index >= _MAX_CHUNKS:
                raise StreamTooLong
        del held[:start]
    yield cipher.encrypt(_nonce(key, index, last=True), bytes(held), context)


def ciphertext_is_possible(size: int, chunk_bytes: int) -> bool:
    """Whether `seal_chunks` can give `size` bytes: only an empty content has an empty last chunk."""
    rest = size % (chunk_bytes + TAG_BYTES)
    return size == TAG_BYTES or (size > TAG_BYTES and (rest == 0 or rest > TAG_BYTES))


def open_chunks(
    read: Callable[[int], bytes], size: int, key: StreamKey, context: bytes, *, chunk_bytes: int = CHUNK_BYTES
) -> Iterator[bytes]:
    """The plaintext of `size` bytes taken from ``read(n)``, chunk by chunk, each only after it proved genuine.

    ``read(n)`` gives exactly n bytes or raises. Raises ChunkAltered, ChunksReordered, ChunksMissing.
    """
    cipher = AESGCM(key.key)
    count = max(1, -(-size // (chunk_bytes + TAG_BYTES)))
    for index in range(count):
        sealed = read(min(chunk_bytes + TAG_BYTES, size - index * (chunk_bytes + TAG_BYTES)))
        last = index == count - 1
        try:
            plaintext = cipher.decrypt(_nonce(key, index, last=last), sealed, context)
        except InvalidTag:
            raise _diagnosis(cipher, key, context, sealed, index, count) from None
        yield plaintext


def _diagnosis(
    cipher: AESGCM, key: StreamKey, context: bytes, sealed: bytes, index: int, count: int
) -> ChunkAltered | ChunksReordered | ChunksMissing:
    def opens(place: int, *, last: bool) -> bool:
        try:
            cipher.decrypt(_nonce(key, place, last=last), sealed, context)
        except InvalidTag:
            return False
        return True

    if index == count - 1 and opens(index, last=False):
        return ChunksMissing(index=index)
    for place in range(min(count, _MAX_DIAGNOSED)):
        if opens(place, last=False) or opens(place, last=True):
            return ChunksReordered(index=index, found=place)
    return ChunkAltered(index=index)


def _nonce(key: StreamKey, index: int, *, last: bool) -> bytes:
    return key.prefix + index.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
