"""Back-pressure: how long senders of new packets are asked to wait, before anything has to be refused: `Pressure`."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final

from rekam.storage.disk import Disk
from rekam.trust.clock import Clock

__all__ = ["NoPressure", "Pressure"]

_CROWDED_S: Final = 5
_NARROW_S: Final = 60
_VERY_NARROW_S: Final = 600
_FORGOTTEN_NS: Final = 60 * 1_000_000_000
"""An upload of which nothing came for a minute has been given up, or waits for its line: it crowds nobody."""


class NoPressure:
    """Nobody is ever asked to wait: for tests, and places that take nothing in."""

    def wait_s(self) -> int:
        """Always 0."""
        return 0

    def touched(self, packet_id: str) -> None:
        """Nothing."""

    def over(self, packet_id: str) -> None:
        """Nothing."""


class Pressure(NoPressure):
    """Counts the uploads on their way and looks at the disk's room.

    What was begun is always let through; only new packets wait: `_CROWDED_S` seconds where `most` are on their way, a
    minute where less than twice the reserve is free, ten minutes below a reserve and a quarter. The stages behind the
    intake never count: admission does not depend on them (DESIGN section 2, step 5). Safe for threads.
    """

    def __init__(self, disk: Disk, folder: Path, reserve: int, clock: Clock, *, most: int = 256) -> None:
        self._disk = disk
        self._folder = folder
        self._reserve = reserve
        self._clock = clock
        self._most = most
        self._uploads: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self) -> int:
        """Seconds until a new packet should be tried again; 0: now."""
        free = self._disk.free_bytes(self._folder)
        if 4 * free < 5 * self._reserve:
            return _VERY_NARROW_S
        if free < 2 * self._reserve:
            return _NARROW_S
        return _CROWDED_S if self._under_way() >= self._most else 0

    def touched(self, packet_id: str) -> None:
        """Bytes of this packet came."""
        with self._lock:
            self._uploads[packet_id] = self._clock.stamp().monotonic_ns
            self._uploads.move_to_end(packet_id)

    def over(self, packet_id: str) -> None:
        """It is here, or was refused."""
        with self._lock:
            self._uploads.pop(packet_id, None)

    def _under_way(self) -> int:
        now = self._clock.stamp().monotonic_ns
        with self._lock:
            while self._uploads and now - next(iter(self._uploads.values())) > _FORGOTTEN_NS:
                self._uploads.popitem(last=False)
            return len(self._uploads)
