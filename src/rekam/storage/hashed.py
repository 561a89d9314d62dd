"""Bytes that were hashed as they came, so that nobody hashes them again: `Hashed`."""

import hashlib
from dataclasses import dataclass
from typing import Self

__all__ = ["Hashed"]


@dataclass(frozen=True)
class Hashed:
    """`data`, and its SHA-256 in hex. Whoever puts the two together has computed one from the other in this process:
    what a sender claims is compared with `sha256` and never put there.
    """

    data: bytes
    sha256: str

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Hash `data` now."""
        return cls(data, hashlib.sha256(data).hexdigest())
