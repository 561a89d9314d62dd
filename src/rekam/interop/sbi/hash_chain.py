"""The chain over all captures of a sitting: `link`, and `Chains`, which keeps its end for each open sitting.

hash = HEX(SHA256(previous hash | SHA256(record))), the first previous hash being SHA256 of nothing: so a picture can
neither be dropped from the middle of a sitting nor be put there later.
"""

import hashlib
import threading
from typing import Final

__all__ = ["FIRST", "Chains", "link"]

FIRST: Final = hashlib.sha256(b"").digest()
_KEPT: Final = 64


def link(previous: bytes, record: bytes) -> bytes:
    """The hash after `record`, 32 bytes."""
    return hashlib.sha256(previous + hashlib.sha256(record).digest()).digest()


class Chains:
    """In memory alone: after a restart a sitting's chain begins anew, which the standard allows at any capture."""

    def __init__(self) -> None:
        self._ends: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def end(self, sitting: str) -> bytes:
        with self._lock:
            return self._ends.get(sitting, FIRST)

    def advance(self, sitting: str, end: bytes) -> None:
        """The chain of `sitting` now ends here; the oldest of many sittings is forgotten."""
        with self._lock:
            self._ends.pop(sitting, None)
            self._ends[sitting] = end
            while len(self._ends) > _KEPT:
                del self._ends[next(iter(self._ends))]
