"""IPP messages as bytes (RFC 8010, encoding; RFC 8011, operations): as much as printing a PDF needs."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Malformed", "Response", "Value", "read_response", "request"]

_VERSION: Final = (2, 0)
_OPERATION, _END = 0x01, 0x03
_LAST_DELIMITER: Final = 0x0F
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
_NUMBERS: Final = frozenset({INTEGER, ENUM})
TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MEDIA_TYPE = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
_TEXTS: Final = range(0x40, 0x50)

Value = int | str | bool | bytes
Attribute = tuple[int, str, Sequence[Value]]


class Malformed(ValueError):
    """These bytes are no IPP response."""


@dataclass(frozen=True)
class Response:
    """`status` below 0x0100 is success; `groups` are the attribute groups after the operation's, in order."""

    status: int
    groups: tuple[Mapping[str, tuple[Value, ...]], ...]

    def first(self, name: str, otherwise: Value = 0) -> Value:
        """The first value of an attribute in whichever group."""
        return next((group[name][0] for group in self.groups if group.get(name)), otherwise)

    def all(self, name: str) -> tuple[Value, ...]:
        """All values of an attribute in the first group that has it."""
        return next((group[name] for group in self.groups if name in group), ())


def request(operation: int, number: int, attributes: Sequence[Attribute]) -> bytes:
    """A request with one group of operation attributes; the document follows these bytes."""
    head = struct.pack(">BBHI", *_VERSION, operation, number) + bytes([_OPERATION])
    fixed: list[Attribute] = [
        (CHARSET, "attributes-charset", ["utf-8"]),
        (LANGUAGE, "attributes-natural-language", ["id"]),
    ]
    return head + b"".join(_attribute(*each) for each in (*fixed, *attributes)) + bytes([_END])


def _attribute(tag: int, name: str, values: Sequence[Value]) -> bytes:
    """The first value under the name, further ones under none (RFC 8010 section 3.1.5)."""
    return b"".join(_value(tag, "" if index else name, value) for index, value in enumerate(values))


def _value(tag: int, name: str, value: Value) -> bytes:
    if isinstance(value, bool):
        data = bytes([value])
    elif isinstance(value, int):
        data = struct.pack(">i", value)
    else:
        data = value if isinstance(value, bytes) else value.encode()
    return bytes([tag]) + _counted(name.encode()) + _counted(data)


def _counted(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


def read_response(data: bytes) -> Response:
    """Raises `Malformed`. Values of kinds that nobody here asks for are bytes."""
    try:
        _, _, status, _ = struct.unpack_from(">BBHI", data)
        groups: list[dict[str, tuple[Value, ...]]] = []
        for tag, name, value in _items(data, 8):
            if tag <= _LAST_DELIMITER:
                groups.append({})
            elif not groups:
                raise Malformed("a value before any group")
            else:
                last = name or next(reversed(groups[-1]))
                groups[-1][last] = (*groups[-1].get(last, ()), _read(tag, value))
    except (struct.error, IndexError, StopIteration, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from error
    return Response(status, tuple(groups[1:]))


def _items(data: bytes, position: int) -> Iterator[tuple[int, str, bytes]]:
    while data[position] != _END:
        tag, position = data[position], position + 1
        if tag <= _LAST_DELIMITER:
            yield tag, "", b""
            continue
        name, position = _field(data, position)
        value, position = _field(data, position)
        yield tag, name.decode(), value


def _field(data: bytes, position: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">H", data, position)
    end = position + 2 + length
    if end > len(data):
        raise Malformed("a field ends early")
    return data[position + 2 : end], end


def _read(tag: int, value: bytes) -> Value:
    if tag in _NUMBERS:
        return int.from_bytes(value, "big", signed=True)
    if tag == BOOLEAN:
        return value != b"\0"
    return value.decode("utf-8", "replace") if tag in _TEXTS else value
