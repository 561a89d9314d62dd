"""The short code of an entry, for paper and keyboard: its first 80 bits, as four groups of four characters."""

import base64
import re
from typing import Final

from rekam.enrolment.errors import RekamError

__all__ = ["CODE_BYTES", "LogCodeUnreadable", "log_code", "read_log_code"]

CODE_BYTES: Final = 10
"""80 bits: among 200 million entries two share a code with a chance of 1 in 60 million."""
_SEPARATORS: Final = re.compile(r"[\s.\-]+")
_MISREAD: Final = str.maketrans("018", "OIB")


class LogCodeUnreadable(RekamError):
    """This is no code of the public log. Nothing was looked up. It stands on the proof of recording: 16 letters and
    digits in four groups.
    """


def log_code(entry: bytes) -> str:
    """Of a commitment, such as ``K7QD-2MWX-9ABC-DEFG``; base32 (RFC 4648) has no 0, 1, 8 or 9."""
    code = base64.b32encode(entry[:CODE_BYTES]).decode()
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_log_code(text: str) -> bytes:
    """The beginning of the entry that a code names: 10 bytes, or all 32 from 64 hex digits. Lower case, spaces, and
    0, 1, 8 for O, I, B are understood. Raises LogCodeUnreadable.
    """
    typed = _SEPARATORS.sub("", text)
    if re.fullmatch(r"[0-9a-fA-F]{64}", typed):
        return bytes.fromhex(typed)
    code = typed.upper().translate(_MISREAD)
    if not re.fullmatch(r"[A-Z2-7]{16}", code):
        raise LogCodeUnreadable
    return base64.b32decode(code)
