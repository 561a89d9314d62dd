"""What comes down besides the feed: parts, in pieces, after everything else of a round: `Downloads`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Final

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.announced import OnceARound, Shelf
from rekam.exchange.parts import Part, PartFetcher, PartSource
from rekam.storage.blobs import BlobStore
from rekam.trust.clock import Clock

__all__ = ["Downloads"]

BUDGET_S: Final = 2.0
"""Of each round; a packet that was saved meanwhile waits this long and for one piece at most."""

_log = structlog.get_logger("rekam.exchange")


class Downloads:
    """Fetches what the shelves want, in their order, and sweeps what was replaced. It never raises: a download that
    fails holds up nothing else of the round; `trouble` tells it (never before packets: ARC PR 1104 skipped uploads).
    """

    def __init__(
        self,
        shelves: Sequence[Shelf],
        parts: BlobStore,
        source: PartSource,
        clock: Clock,
        *,
        budget_s: float = BUDGET_S,
        stop: Callable[[], bool] = lambda: False,
        announced: OnceARound | None = None,
    ) -> None:
        """`announced` is what the shelves look into, where it can be held for a round."""
        self.trouble: RekamError | None = None
        self._shelves = shelves
        self._parts = parts
        self._source = source
        self._clock = clock
        self._budget_ns = int(budget_s * 1e9)
        self._stop = stop
        self._held: Callable[[], AbstractContextManager[None]] = announced.held if announced else nullcontext

    def run_once(self) -> int:
        """One round within the budget; returns how many bytes came."""
        until, fetched = self._clock.stamp().monotonic_ns + self._budget_ns, 0

        def enough() -> bool:
            return self._stop() or self._clock.stamp().monotonic_ns >= until

        with self._held():
            try:
                fetched = PartFetcher(self._parts, self._source).run_once(self._wanted(), enough)
                self._note(None)
            except RekamError as error:
                self._note(error)
            self._settle()
        return fetched

    def fetch(self, source: PartSource) -> int:
        """All that is wanted and that `source` has: what a courier brought. Returns how many bytes came."""
        counted = _Counted(source)
        with self._held():
            with suppress(RekamError):  # most often: a part that did not travel
                PartFetcher(self._parts, counted).run_once(self._wanted(), self._stop)
            self._settle()
        return counted.bytes

    def _settle(self) -> None:
        for shelf in self._shelves:
            shelf.arrived()
            shelf.sweep()

    def _wanted(self) -> Iterator[Part]:
        for shelf in self._shelves:
            yield from shelf.wanted()

    def _note(self, error: RekamError | None) -> None:
        if (error and error.code) != (self.trouble and self.trouble.code):
            _log.info("downloads", trouble=error.code if error else None)
        self.trouble = error


class _Counted:
    """A source of parts that counts what it gave."""

    def __init__(self, source: PartSource) -> None:
        self._source = source
        self.bytes = 0

    def part(self, part_id: str, offset: int) -> bytes:
        piece = self._source.part(part_id, offset)
        self.bytes += len(piece)
        return piece
