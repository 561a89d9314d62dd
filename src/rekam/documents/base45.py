"""Base45 (RFC 9285): bytes as text that a QR code holds in its compact alphanumeric mode."""

from rekam.enrolment.errors import RekamError

__all__ = ["NotBase45", "decode", "encode"]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}


class NotBase45(RekamError):
    """The text is not Base45. Nothing was taken over. Scan the code again, straight and in good light."""


def encode(data: bytes) -> str:
    """Three characters for each two bytes, two for a last single one; the least significant comes first."""
    out = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, digit = divmod(value, 45)
            out.append(_ALPHABET[digit])
    return "".join(out)


def decode(text: str) -> bytes:
    """The inverse of `encode`; raises `NotBase45` for anything that `encode` does not write."""
    out = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        try:
            value = sum(_VALUES[character] * 45**place for place, character in enumerate(group))
            out += value.to_bytes(len(group) - 1, "big")
        except (KeyError, OverflowError):
            raise NotBase45 from None
        if len(group) == 1:
            raise NotBase45
    return bytes(out)
