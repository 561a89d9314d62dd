"""The random source, a port: everything random in Rekam comes through `Random.bytes`."""

import hashlib
import os
from typing import Protocol

__all__ = ["Random", "SeededRandomUnsafeForTests", "SystemRandom"]


class Random(Protocol):
    """Gives bytes that nobody can predict."""

    def bytes(self, count: int) -> bytes:
        """`count` fresh random bytes."""
        ...


class SystemRandom:
    """The kernel's random source."""

    def bytes(self, count: int) -> bytes:
        """`count` fresh random bytes."""
        return os.urandom(count)


class SeededRandomUnsafeForTests:
    """The same bytes for the same seed: for tests and the simulator, never where keys protect anybody."""

    def __init__(self, seed: int | str) -> None:
        self._seed = f"rekam/{seed}".encode()
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        """The next `count` bytes of this seed."""
        self._drawn += 1
        return hashlib.shake_256(self._seed + self._drawn.to_bytes(8, "big")).digest(count)
