"""Deterministic CBOR (RFC 8949 section 4.2.1): one value has one encoding, and nothing else is read.

Everything that is signed or hashed passes here. Reading is our own because a general reader turns some
thirty tags into objects (patterns, fractions, addresses), accepts several encodings of one value and
fails in many ways; this one knows integers, byte and text strings, arrays, maps with text or integer
keys, booleans, null, 64-bit floats and the tags its caller names, and fails in one way.
"""

import math
import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import cbor2

from rekam.enrolment.errors import RekamError

__all__ = ["CborUnreadable", "decode", "encode", "read_item"]

MAX_DEPTH: Final = 16
_MAX_READ: Final = 1 << 16
_UINT, _NINT, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)


class CborUnreadable(RekamError):
    """The data cannot be read ({reason}). Nothing was changed. Fetch or copy it again from where it came;
    if it stays unreadable, keep it and report it.
    """


def encode(value: Any) -> bytes:
    """The one deterministic encoding of `value`."""
    # cbor2's canonical mode sorts keys by length first (RFC 7049); integer and text keys need bytewise order.
    return cbor2.dumps(_sorted(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=cbor2.dumps)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    if isinstance(value, cbor2.CBORTag):
        return cbor2.CBORTag(value.tag, _sorted(value.value))
    return value


def decode(data: bytes, *, tags: frozenset[int] = frozenset()) -> Any:
    """Read exactly one item that fills `data`. Raises CborUnreadable for anything else."""
    stream = BytesIO(data)
    value = read_item(stream.read, limit=len(data), tags=tags)
    if stream.tell() != len(data):
        raise CborUnreadable(reason="bytes follow the end")
    return value


def read_item(read: Callable[[int], bytes], *, limit: int, tags: frozenset[int] = frozenset()) -> Any:
    """Read one item of at most `limit` bytes from `read(n)`, which gives fewer than n bytes only at the end."""
    return _Reader(read, limit, tags).item(0)


class _Reader:
    def __init__(self, read: Callable[[int], bytes], limit: int, tags: frozenset[int]) -> None:
        self._read, self._left, self._tags = read, limit, tags

    def item(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise CborUnreadable(reason="nested too deeply")
        first = self._take(1)[0]
        major, info = first >> 5, first & 31
        if major == _SIMPLE:
            return self._simple(info)
        count = self._count(info)
        readers: dict[int, Callable[[int, int], Any]] = {
            _UINT: lambda count, _: count,
            _NINT: lambda count, _: -1 - count,
            _BYTES: lambda count, _: self._take(count),
            _TEXT: lambda count, _: self._text(count),
            _ARRAY: self._array,
            _MAP: self._map,
            _TAG: self._tag,
        }
        return readers[major](count, depth)

    def _array(self, count: int, depth: int) -> list[Any]:
        return [self.item(depth + 1) for _ in range(self._bounded(count))]

    def _tag(self, count: int, depth: int) -> cbor2.CBORTag:
        if count not in self._tags:
            raise CborUnreadable(reason=f"tag {count}")
        return cbor2.CBORTag(count, self.item(depth + 1))

    def _take(self, count: int) -> bytes:
        self._left -= self._bounded(count)
        parts = bytearray()
        while len(parts) < count:
            piece = self._read(min(count - len(parts), _MAX_READ))
            if not piece:
                raise CborUnreadable(reason="it ends early")
            parts += piece
        return bytes(parts)

    def _bounded(self, count: int) -> int:
        # every byte of a string and every item of a collection takes at least one byte
        if count > self._left:
            raise CborUnreadable(reason="it ends early")
        return count

    def _count(self, info: int) -> int:
        if info < 24:
            return info
        if info > 27:
            raise CborUnreadable(reason="an indefinite or reserved length")
        width = 1 << (info - 24)
        count = int.from_bytes(self._take(width), "big")
        if count < 24 or (width > 1 and count >> (width * 4) == 0):
            raise CborUnreadable(reason="a length not in its shortest form")
        return count

    def _text(self, count: int) -> str:
        try:
            return self._take(count).decode()
        except UnicodeDecodeError:
            raise CborUnreadable(reason="text that is not UTF-8") from None

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        previous = b""
        for _ in range(self._bounded(count)):
            key = self.item(depth + 1)
            if type(key) not in {str, int}:
                raise CborUnreadable(reason="a key that is neither text nor integer")
            encoded = cbor2.dumps(key)
            if encoded <= previous:
                raise CborUnreadable(reason="keys repeated or out of order")
            previous = encoded
            found[key] = self.item(depth + 1)
        return found

    def _simple(self, info: int) -> Any:
        match info:
            case 20:
                return False
            case 21:
                return True
            case 22:
                return None
            case 27:
                number = float(struct.unpack(">d", self._take(8))[0])
                if not math.isfinite(number):
                    raise CborUnreadable(reason="a number that is not finite")
                return number
            case _:
                raise CborUnreadable(reason=f"simple value {info}")
