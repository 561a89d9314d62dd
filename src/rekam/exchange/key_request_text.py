"""Requests, answers and stops about operators' keys as text: for a file, a QR code, a message, a keyboard wedge.

A mark, then base32 (RFC 4648) without padding, in the characters of a QR code's compact alphanumeric mode. Line breaks,
blanks and small letters do no harm.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.key_request import KeyAnswerUnreadable, KeyRequestUnproved
from rekam.exchange.key_stop import KeyStopUnproved

__all__ = [
    "answer_from_text",
    "answer_to_text",
    "request_from_text",
    "request_to_text",
    "stop_from_text",
    "stop_to_text",
    "wrapped",
]

_REQUEST: Final = "REKAM-MINTA:"
_ANSWER: Final = "REKAM-JAWAB:"
_STOP: Final = "REKAM-HENTI:"
_LINE: Final = 64


def request_to_text(data: bytes) -> str:
    """One line."""
    return _REQUEST + _encoded(data)


def answer_to_text(data: bytes) -> str:
    """One line."""
    return _ANSWER + _encoded(data)


def stop_to_text(data: bytes) -> str:
    """One line."""
    return _STOP + _encoded(data)


def wrapped(text: str) -> str:
    """For a file: lines of 64 characters."""
    return "\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE)) + "\n"


def request_from_text(text: str) -> bytes:
    """Raises `KeyRequestUnproved`."""
    return _decoded(text, _REQUEST, lambda reason: KeyRequestUnproved(reason=reason))


def answer_from_text(text: str) -> bytes:
    """Raises `KeyAnswerUnreadable`."""
    return _decoded(text, _ANSWER, lambda reason: KeyAnswerUnreadable(reason=reason))


def stop_from_text(text: str) -> bytes:
    """Raises `KeyStopUnproved`."""
    return _decoded(text, _STOP, lambda reason: KeyStopUnproved(reason=reason))


def _encoded(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def _decoded(text: str, mark: str, wrong: Callable[[str], RekamError]) -> bytes:
    plain = "".join(text.split()).upper()
    if not plain.startswith(mark):
        other = plain.startswith((_REQUEST, _ANSWER, _STOP))
        raise wrong("it is the other one of request, answer and stop" if other else f"it does not begin with {mark}")
    body = plain.removeprefix(mark)
    try:
        return base64.b32decode(body + "=" * (-len(body) % 8))
    except binascii.Error:
        raise wrong("a part of it is missing or mistyped") from None
