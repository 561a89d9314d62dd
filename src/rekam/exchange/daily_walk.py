"""Going through a long list page by page, and again from its beginning a day after its end: `DailyWalk`."""

from typing import Final

from rekam.trust.clock import Clock

__all__ = ["EVERY_S", "DailyWalk"]

EVERY_S: Final = 86_400.0


class DailyWalk:
    """A page is turned only once it is done: what breaks off comes again. Monotonic time, so no date shortens a day."""

    def __init__(self, clock: Clock, *, every_s: float = EVERY_S, page: int) -> None:
        self._clock = clock
        self._every_ns = int(every_s * 1e9)
        self.page = page
        """Entries a page."""
        self.after = ""
        """The last entry of the page before; empty at the beginning."""
        self._due_ns = 0

    def is_due(self) -> bool:
        """Whether there is a page to look at now."""
        return self._clock.stamp().monotonic_ns >= self._due_ns

    def turn(self, entries: int, last: str) -> None:
        """A page with so many entries is done; a short one was the last."""
        if entries < self.page:
            self.after, self._due_ns = "", self._clock.stamp().monotonic_ns + self._every_ns
        else:
            self.after = last
