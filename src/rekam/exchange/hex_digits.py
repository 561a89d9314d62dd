"""Ids as places write them in words that people may read: so many small hex digits: `is_hex`."""

from typing import Final

__all__ = ["is_hex"]

_DIGITS: Final = "0123456789abcdef"


def is_hex(text: str, least: int, most: int | None = None) -> bool:
    """Whether `text` has `least` hex digits, or from `least` to `most`, and nothing else."""
    return least <= len(text) <= (least if most is None else most) and not text.strip(_DIGITS)
