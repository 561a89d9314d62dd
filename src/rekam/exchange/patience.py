"""A wrapper around a remote that waits and tries again, so that nothing inside a remote or a sender has to."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from rekam.exchange.errors import RemoteBusy, RemoteUnreachable
from rekam.exchange.remote import Remote

__all__ = ["PatientRemote", "Pause"]

Pause = Callable[[float], object]
"""Waits so many seconds; `threading.Event.wait` of a stop event, so that stopping ends the wait."""

_T = TypeVar("_T")


class PatientRemote:
    """`Remote` that repeats a call when its place cannot be reached or asks to wait.

    `attempts` in all; the waits double from `first_s` up to `longest_s`, each shortened at random by up to half so
    that stations that lost the same connection do not come back together (full jitter would let some hammer). A busy
    place is given the time it asks for, up to `longest_s`. The last error goes through. Repeating is safe: every call
    of a remote is idempotent, and an `append` whose answer was lost comes back as `OffsetMismatch`.
    """

    def __init__(
        self,
        inner: Remote,
        pause: Pause,
        *,
        attempts: int = 4,
        first_s: float = 0.5,
        longest_s: float = 30.0,
        jitter: random.Random | None = None,
    ) -> None:
        self._inner = inner
        self._pause = pause
        self._attempts = attempts
        self._first_s = first_s
        self._longest_s = longest_s
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads load, guards nothing

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]:
        """As the remote, patiently."""
        return self._repeat(lambda: self._inner.lacking(packet_ids))

    def offset(self, packet_id: str) -> int:
        """As the remote, patiently."""
        return self._repeat(lambda: self._inner.offset(packet_id))

    def append(self, packet_id: str, offset: int, data: bytes) -> int:
        """As the remote, patiently."""
        return self._repeat(lambda: self._inner.append(packet_id, offset, data))

    def complete(self, packet_id: str, chain: Sequence[bytes], offset: int = 0, tail: bytes = b"") -> bytes:
        """As the remote, patiently."""
        return self._repeat(lambda: self._inner.complete(packet_id, chain, offset, tail))

    def roll_call(self, packet_ids: Sequence[str]) -> bytes:
        """As the remote, patiently."""
        return self._repeat(lambda: self._inner.roll_call(packet_ids))

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """As the remote, patiently."""
        return self._repeat(lambda: self._inner.receipts(packet_ids))

    def feed_after(self, feed: str, n: int) -> bytes | None:
        """As the remote, patiently."""
        return self._repeat(lambda: self._inner.feed_after(feed, n))

    def part(self, part_id: str, offset: int) -> bytes:
        """As the remote, patiently."""
        return self._repeat(lambda: self._inner.part(part_id, offset))

    def _repeat(self, call: Callable[[], _T]) -> _T:
        wait_s = self._first_s
        for _ in range(self._attempts - 1):
            try:
                return call()
            except RemoteUnreachable:
                self._pause(wait_s * (1 - self._jitter.random() / 2))
            except RemoteBusy as busy:
                self._pause(min(float(busy.facts["retry_after_s"]), self._longest_s))
            wait_s = min(wait_s * 2, self._longest_s)
        return call()
