"""Deterministic CBOR (RFC 8949 section 4.2.1): one value has one encoding, and nothing else is read.

Everything that is signed or hashed passes here. Reading is our own because a general reader turns some
thirty tags into objects (patterns, fractions, addresses), accepts several encodings of one value and
fails in many ways; this one knows integers, byte and text strings, arrays, maps with text or integer
keys, booleans, null, 64-bit floats and the tags its caller names, and fails in one way.
"""

import math
import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import cbor2

from rekam.enrolment.errors import RekamError

__all__ = ["CborUnreadable", "decode", "decode_first", "encode"]

MAX_DEPTH: Final = 16
_WIDEST: Final = 1 << 64
_ONE_BYTE: Final = tuple(bytes((first,)) for first in range(256))
_SIMPLE_VALUES: Final = {False: b"\xf4", True: b"\xf5", None: b"\xf6"}
_HEAD_2, _HEAD_4, _HEAD_8 = (struct.Struct(form).pack for form in (">BH", ">BI", ">BQ"))
_UINT, _NINT, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)


class CborUnreadable(RekamError):
    """The data cannot be read ({reason}). Nothing was changed. Fetch or copy it again from where it came;
    if it stays unreadable, keep it and report it.
    """


def encode(value: Any) -> bytes:
    """The one deterministic encoding of `value`. Raises TypeError for what has none."""
    pieces: list[bytes] = []
    _write(value, pieces.append)
    return b"".join(pieces)


def _write(value: Any, put: Callable[[bytes], None]) -> None:
    # Our own because a general writer sorts keys by their length (RFC 7049), is begun anew for each of the small
    # values that are signed here by the thousand, and takes three times as long.
    kind = type(value)
    if kind is str:
        data = value.encode()
        size = len(data)
        put((_ONE_BYTE[0x60 | size] if size < 24 else _head(0x60, size)) + data)
    elif kind is bytes:
        put(_head(0x40, len(value)) + value)
    elif kind is int and -_WIDEST <= value < _WIDEST:
        put(_head(0, value) if value >= 0 else _head(0x20, -1 - value))
    elif kind is dict:
        put(_head(0xA0, len(value)))
        for key in value if len(value) < 2 else sorted(value, key=_encoded):
            put(_encoded(key))
            _write(value[key], put)
    elif kind is list or kind is tuple:
        put(_head(0x80, len(value)))
        for item in value:
            _write(item, put)
    elif value is None or kind is bool:
        put(_SIMPLE_VALUES[value])
    else:
        _write_seldom(value, put)


def _write_seldom(value: Any, put: Callable[[bytes], None]) -> None:
    """Tags and other kinds of what `_write` knows; the rest as a general writer has it."""
    if isinstance(value, str):
        _write(str.__str__(value), put)
    elif isinstance(value, cbor2.CBORTag):
        put(_head(0xC0, value.tag))
        _write(value.value, put)
    elif isinstance(value, dict):
        _write(dict(value), put)
    elif isinstance(value, list | tuple):
        _write(list(value), put)
    else:
        put(cbor2.dumps(value))


def _head(major: int, count: int) -> bytes:
    """Major type and count in the shortest form."""
    if count < 24:
        return _ONE_BYTE[major | count]
    if count < 0x100:
        return bytes((major | 24, count))
    if count < 0x10000:
        return _HEAD_2(major | 25, count)
    return _HEAD_4(major | 26, count) if count < 0x1_0000_0000 else _HEAD_8(major | 27, count)


@lru_cache(maxsize=4096, typed=True)  # keys are field names, the same few over and over
def _encoded(key: str | int) -> bytes:
    return cbor2.dumps(key)


def decode(data: bytes, *, tags: frozenset[int] = frozenset()) -> Any:
    """Read exactly one item that fills `data`. Raises CborUnreadable for anything else."""
    value, end = decode_first(data, tags=tags)
    if end != len(data):
        raise CborUnreadable(reason="bytes follow the end")
    return value


def decode_first(data: bytes, *, tags: frozenset[int] = frozenset()) -> tuple[Any, int]:
    """The item with which `data` begins, and where it ends. Raises CborUnreadable."""
    return _item(data, 0, 0, tags)


def _item(data: bytes, at: int, depth: int, tags: frozenset[int]) -> tuple[Any, int]:  # noqa: C901, PLR0911, PLR0912  # one branch a major type, in a hot loop
    if depth > MAX_DEPTH:
        raise CborUnreadable(reason="nested too deeply")
    size = len(data)
    if at >= size:
        raise CborUnreadable(reason="it ends early")
    first = data[at]
    at += 1
    major, count = first >> 5, first & 31
    if major == _SIMPLE:
        return _simple(data, at, count)
    if count > 23:
        count, at = _count(data, at, count)
    if major == _UINT:
        return count, at
    if major == _NINT:
        return -1 - count, at
    if major == _TAG:
        if count not in tags:
            raise CborUnreadable(reason=f"tag {count}")
        value, at = _item(data, at, depth + 1, tags)
        return cbor2.CBORTag(count, value), at
    end = at + count
    if end > size:  # of a collection, too: every item takes at least one byte
        raise CborUnreadable(reason="it ends early")
    if major == _TEXT:
        return _text(data, at, end), end
    if major == _BYTES:
        return data[at:end], end
    if major == _MAP:
        return _map(data, at, count, depth + 1, tags)
    items = []
    for _ in range(count):
        value, at = _item(data, at, depth + 1, tags)
        items.append(value)
    return items, at


def _map(data: bytes, at: int, count: int, depth: int, tags: frozenset[int]) -> tuple[dict[Any, Any], int]:
    found: dict[Any, Any] = {}
    previous, size = b"", len(data)
    for _ in range(count):
        first = data[at] if at < size else 0
        end = at + first - 0x5F
        if 0x60 <= first < 0x78 and end <= size and depth <= MAX_DEPTH:  # a short text, as most keys are
            key: Any = _text(data, at + 1, end)
        else:
            key, end = _item(data, at, depth, tags)
            if type(key) is not str and type(key) is not int:
                raise CborUnreadable(reason="a key that is neither text nor integer")
        encoded = data[at:end]
        if encoded <= previous:
            raise CborUnreadable(reason="keys repeated or out of order")
        previous = encoded
        found[key], at = _item(data, end, depth, tags)
    return found, at


def _text(data: bytes, at: int, end: int) -> str:
    try:
        return data[at:end].decode()
    except UnicodeDecodeError:
        raise CborUnreadable(reason="text that is not UTF-8") from None


def _count(data: bytes, at: int, info: int) -> tuple[int, int]:
    if info > 27:
        raise CborUnreadable(reason="an indefinite or reserved length")
    width = 1 << (info - 24)
    end = at + width
    if end > len(data):
        raise CborUnreadable(reason="it ends early")
    count = int.from_bytes(data[at:end], "big")
    if count < 24 or (width > 1 and count >> (width * 4) == 0):
        raise CborUnreadable(reason="a length not in its shortest form")
    return count, end


def _simple(data: bytes, at: int, info: int) -> tuple[Any, int]:
    match info:
        case 20:
            return False, at
        case 21:
            return True, at
        case 22:
            return None, at
        case 27:
            if at + 8 > len(data):
                raise CborUnreadable(reason="it ends early")
            number = float(struct.unpack_from(">d", data, at)[0])
            if not math.isfinite(number):
                raise CborUnreadable(reason="a number that is not finite")
            return number, at + 8
        case _:
            raise CborUnreadable(reason=f"simple value {info}")
