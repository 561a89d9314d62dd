"""What carries the bytes of a bad link: its rate, its delay, its lost segments: `Line`."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from rekam.drill.ailments import Quality

__all__ = ["Line", "Way"]

_SEGMENT: Final = 1_460
"""Bytes of payload in a TCP segment on Ethernet; each is lost or not."""
_AHEAD_S: Final = 0.25
"""How much is taken from a sender before the line can carry it: a router's queue."""
_QUEUED: Final = 32

Carry = Callable[[bytes], Awaitable[None]]


class LineCut(ConnectionError):
    """The line ended this connection."""


class Way:
    """One direction: how many bytes it carried, and when it is free again."""

    def __init__(self) -> None:
        self.carried = 0
        self._free = 0.0

    def take(self, size: int, rate: float | None, now: float) -> float:
        """When the last of so many bytes will have left."""
        self.carried += size
        self._free = max(self._free, now) + (size / rate if rate else 0.0)
        return self._free


class Line:
    """Both directions, shared by all connections; `losses` and `cuts` count what lost segments did."""

    def __init__(self, quality: Quality, chance: random.Random) -> None:
        self.quality = quality
        self.up, self.down = Way(), Way()
        self.losses = self.cuts = 0
        self._random = chance

    def piece(self, most: int) -> int:
        """How much to read at once, so that a slow line is not asked for more than it soon carries."""
        rate = self.quality.bytes_a_second
        return most if rate is None else max(_SEGMENT, min(most, int(rate * _AHEAD_S / 2)))

    @asynccontextmanager
    async def carrying(self, way: Way, writer: asyncio.StreamWriter) -> AsyncIterator[Carry]:
        """Hand pieces to what is yielded; they reach `writer` in order, when rate, delay and losses let them."""
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue(_QUEUED)
        held_until = 0.0

        async def carry(piece: bytes) -> None:
            nonlocal held_until
            left = way.take(len(piece), self.quality.bytes_a_second, loop.time())
            lost, cut = self._misfortune(len(piece))
            trip = self.quality.round_trip_s
            held_until = max(held_until, left) + lost * trip
            if cut:
                raise LineCut
            await under_way.put((held_until + trip / 2, piece))
            await asyncio.sleep(max(0.0, left - _AHEAD_S - loop.time()))

        async def deliver() -> None:
            while entry := await under_way.get():
                due, piece = entry
                if (wait := due - loop.time()) > 0:
                    await asyncio.sleep(wait)
                writer.write(piece)
                await writer.drain()

        delivery = asyncio.create_task(deliver())
        try:
            yield carry
            await under_way.put(None)
            await delivery
        finally:
            delivery.cancel()
            await asyncio.gather(delivery, return_exceptions=True)

    def _misfortune(self, size: int) -> tuple[int, bool]:
        """How often so many bytes are held up, and whether their connection is cut."""
        if not self.quality.loss:
            return 0, False
        lost = sum(self._random.random() < self.quality.loss for _ in range(-(-size // _SEGMENT)))
        cut = (self.losses + lost) // self.quality.cut_every > self.losses // self.quality.cut_every
        self.losses += lost
        self.cuts += cut
        return lost, cut
