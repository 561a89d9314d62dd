"""How much to send in one request: what the line carries in a few seconds, so that a cut costs no more: `ChunkSize`."""

import threading
from typing import Final

__all__ = ["LARGEST", "SMALLEST", "ChunkSize"]

SMALLEST: Final = 32 * 1024
"""Bytes: a signed request has some 1.5 kB of headers, five in a hundred of this."""
LARGEST: Final = 1 << 20
AIM_S: Final = 8.0
"""Seconds a request should take (docs/adr/0025): a piece that is cut off half-way has cost four."""
FIRST: Final = 64 * 1024


class ChunkSize:
    """Bytes of the next piece. Grows while the line is quick, shrinks with it, halves when it was cut.

    Several deliveries may share one, each in its thread; every one of them sees the line's rate divided by them all.
    """

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._smallest = min(SMALLEST, largest)
        self._bytes = min(FIRST, largest)
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """To be sent next."""
        return self._bytes

    def took(self, sent: int, seconds: float) -> None:
        """A request with so many bytes took so long, answer included."""
        with self._lock:
            if sent < self._bytes and seconds < AIM_S:
                return  # the end of a packet: it took the way there and back, and says nothing about the line
            aimed = self._largest if seconds <= 0 else int(sent * AIM_S / seconds)
            # at most doubled: one lucky answer out of a buffer says little about the line
            self._bytes = max(self._smallest, min(aimed, 2 * max(sent, self._bytes), self._largest))

    def lost(self) -> None:
        """A request got no answer."""
        with self._lock:
            self._bytes = max(self._smallest, self._bytes // 2)
