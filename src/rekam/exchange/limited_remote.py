"""A wrapper around a remote that sends no more than the place's line may carry, and nothing at closed hours."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

from rekam.exchange.errors import LinkClosed
from rekam.exchange.link_policy import Applied
from rekam.exchange.patience import Pause
from rekam.exchange.remote import Remote
from rekam.trust.clock import Clock

__all__ = ["LimitedRemote"]

_OVERHEAD: Final = 2_000
"""Bytes of a request besides its body: signature and certificates, the line's own headers."""


class LimitedRemote:
    """`Remote` under a policy: what goes up waits its turn, what comes down does not.

    `applied` says what holds now; `pause` waits so many seconds. One wrapper stands for one line: all lanes of a sender
    share its limit. Raises `LinkClosed` for anything to be sent at closed hours, before a byte of it is.
    """

    def __init__(
        self, inner: Remote, applied: Callable[[], Applied], clock: Clock, pause: Pause, *, place: str
    ) -> None:
        self._inner = inner
        self._applied = applied
        self._clock = clock
        self._pause = pause
        self._place = place
        self._free_ns = 0
        """When the line will have carried all that was let through."""
        self._lock = threading.Lock()

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]:
        """As the remote, at open hours."""
        self._take(70 * len(packet_ids))
        return self._inner.lacking(packet_ids)

    def offset(self, packet_id: str) -> int:
        """As the remote, at open hours."""
        self._take(0)
        return self._inner.offset(packet_id)

    def append(self, packet_id: str, offset: int, data: bytes) -> int:
        """As the remote, when it is this piece's turn."""
        self._take(len(data))
        return self._inner.append(packet_id, offset, data)

    def complete(self, packet_id: str, chain: Sequence[bytes], offset: int = 0, tail: bytes = b"") -> bytes:
        """As the remote, when it is this piece's turn."""
        self._take(len(tail))
        return self._inner.complete(packet_id, chain, offset, tail)

    def roll_call(self, packet_ids: Sequence[str]) -> bytes:
        """As the remote, when it is its turn."""
        self._take(32 * len(packet_ids))
        return self._inner.roll_call(packet_ids)

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """As the remote."""
        return self._inner.receipts(packet_ids)

    def feed_after(self, feed: str, n: int) -> bytes | None:
        """As the remote: what comes down is never held up."""
        return self._inner.feed_after(feed, n)

    def part(self, part_id: str, offset: int) -> bytes:
        """As the remote."""
        return self._inner.part(part_id, offset)

    def _take(self, size: int) -> None:
        """Wait until the line has carried what went before, so that over some seconds the limit holds."""
        rate = self._applied().bytes_a_second
        if rate is None:
            return
        if not rate:
            until = self._applied().until
            raise LinkClosed(place=self._place, until="-" if until is None else f"{until:%H.%M}")
        with self._lock:
            now_ns = self._clock.stamp().monotonic_ns
            turn_ns = max(self._free_ns, now_ns)
            self._free_ns = turn_ns + int((size + _OVERHEAD) / rate * 1e9)
        if turn_ns > now_ns:
            self._pause((turn_ns - now_ns) / 1e9)
