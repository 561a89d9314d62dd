"""A slow reader of deterministic CBOR, one byte after the other as RFC 8949 tells it: the oracle of `rekam.trust.cbor`."""

import math
import struct
from collections.abc import Callable
from typing import Any, Final

import cbor2

from rekam.trust.cbor import MAX_DEPTH, CborUnreadable

__all__ = ["read_by_the_letter"]

_MAX_READ: Final = 1 << 16
_UINT, _NINT, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)


def read_by_the_letter(data: bytes) -> Any:
    """The one item that fills `data`; raises CborUnreadable."""
    reader = _Reader(data, lambda _count: b"", len(data), frozenset())
    value = reader.item(0)
    if reader.at != len(data):
        raise CborUnreadable(reason="bytes follow the end")
    return value


class _Reader:
    """Reads `data`, and `read` when that is used up, never a byte further than the item reaches."""

    def __init__(self, data: bytes | bytearray, read: Callable[[int], bytes], limit: int, tags: frozenset[int]) -> None:
        self._data, self._read, self._limit, self._tags = data, read, limit, tags
        self.at = 0

    def item(self, depth: int) -> Any:  # noqa: PLR0911  # one branch a major type, in a hot loop
        if depth > MAX_DEPTH:
            raise CborUnreadable(reason="nested too deeply")
        first = self._take(1)[0]
        major, count = first >> 5, first & 31
        if major == _SIMPLE:
            return self._simple(count)
        if count > 23:
            count = self._count(count)
        if major == _TEXT:
            try:
                return self._take(count).decode()
            except UnicodeDecodeError:
                raise CborUnreadable(reason="text that is not UTF-8") from None
        if major == _BYTES:
            return bytes(self._take(count))
        if major == _UINT:
            return count
        if major == _MAP:
            return self._map(count, depth)
        if major == _ARRAY:
            return [self.item(depth + 1) for _ in range(self._bounded(count))]
        if major == _NINT:
            return -1 - count
        if count not in self._tags:
            raise CborUnreadable(reason=f"tag {count}")
        return cbor2.CBORTag(count, self.item(depth + 1))

    def _take(self, count: int) -> bytes | bytearray:
        begin = self.at
        end = self.at = begin + count
        if end > self._limit:
            raise CborUnreadable(reason="it ends early")
        if end > len(self._data):
            self._fetch(end)
        return self._data[begin:end]

    def _fetch(self, end: int) -> None:
        while len(self._data) < end:
            piece = self._read(min(end - len(self._data), _MAX_READ))
            if not piece:
                raise CborUnreadable(reason="it ends early")
            self._data += piece

    def _bounded(self, count: int) -> int:
        # every item of a collection takes at least one byte
        if count > self._limit - self.at:
            raise CborUnreadable(reason="it ends early")
        return count

    def _count(self, info: int) -> int:
        if info > 27:
            raise CborUnreadable(reason="an indefinite or reserved length")
        width = 1 << (info - 24)
        count = int.from_bytes(self._take(width), "big")
        if count < 24 or (width > 1 and count >> (width * 4) == 0):
            raise CborUnreadable(reason="a length not in its shortest form")
        return count

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        previous: bytes | bytearray = b""
        for _ in range(self._bounded(count)):
            begin = self.at
            key = self.item(depth + 1)
            if type(key) not in {str, int}:
                raise CborUnreadable(reason="a key that is neither text nor integer")
            encoded = self._data[begin : self.at]
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
