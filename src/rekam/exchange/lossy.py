"""A wrapper around a remote that loses requests and answers, for drills and tests of what survives it."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.remote import Remote

__all__ = ["LossyRemote"]

_T = TypeVar("_T")


class LossyRemote:
    """`Remote` over a bad line: a call is lost before it arrives, its answer is lost after it took effect, or an
    upload is cut in the middle. `lose` is the chance of each, 0 to 1; the same `seed` loses the same.
    """

    def __init__(self, inner: Remote, *, seed: int, lose: float) -> None:
        self._inner = inner
        self._lose = lose
        self._dice = random.Random(seed)  # noqa: S311 - a drill must be repeatable

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]:
        """As the remote, over the bad line."""
        return self._risk(lambda: self._inner.lacking(packet_ids))

    def offset(self, packet_id: str) -> int:
        """As the remote, over the bad line."""
        return self._risk(lambda: self._inner.offset(packet_id))

    def append(self, packet_id: str, offset: int, data: bytes) -> int:
        """As the remote, over the bad line; a cut leaves the first part of `data` there."""
        if self._dice.random() < self._lose:
            self._inner.append(packet_id, offset, data[: self._dice.randrange(len(data) + 1)])
            raise self._lost("cut while sending")
        return self._risk(lambda: self._inner.append(packet_id, offset, data))

    def complete(self, packet_id: str, chain: Sequence[bytes], offset: int = 0, tail: bytes = b"") -> bytes:
        """As the remote, over the bad line."""
        if tail and self._dice.random() < self._lose:
            self._inner.append(packet_id, offset, tail[: self._dice.randrange(len(tail) + 1)])
            raise self._lost("cut while sending")
        return self._risk(lambda: self._inner.complete(packet_id, chain, offset, tail))

    def roll_call(self, packet_ids: Sequence[str]) -> bytes:
        """As the remote, over the bad line."""
        return self._risk(lambda: self._inner.roll_call(packet_ids))

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """As the remote, over the bad line."""
        return self._risk(lambda: self._inner.receipts(packet_ids))

    def feed_after(self, feed: str, n: int) -> bytes | None:
        """As the remote, over the bad line."""
        return self._risk(lambda: self._inner.feed_after(feed, n))

    def part(self, part_id: str, offset: int) -> bytes:
        """As the remote, over the bad line; a cut brings the first half of a piece."""
        piece = self._risk(lambda: self._inner.part(part_id, offset))
        return piece[: (len(piece) + 1) // 2] if self._dice.random() < self._lose else piece

    def _risk(self, call: Callable[[], _T]) -> _T:
        if self._dice.random() < self._lose:
            raise self._lost("the request was lost")
        answer = call()
        if self._dice.random() < self._lose:
            raise self._lost("the answer was lost")
        return answer

    def _lost(self, reason: str) -> RemoteUnreachable:
        return RemoteUnreachable(place="the far end of a bad line", reason=reason)
