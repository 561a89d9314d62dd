"""Following the centre's feed, over and over, whatever the connection does: `Following`."""

import random
import threading
from collections.abc import Callable
from typing import Final

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.feed import FeedFollower

__all__ = ["Following"]

PERIOD_S: Final = 2.0
LONGEST_WAIT_S: Final = 30.0

_log = structlog.get_logger("rekam.portal")


class Following:
    """Run in one thread: `run(stop)`. `answered` is told of each round that the centre answered."""

    def __init__(
        self, follower: FeedFollower | None, answered: Callable[[], None], *, period_s: float = PERIOD_S
    ) -> None:
        self._follower = follower
        self._answered = answered
        self._period_s = period_s
        self._jitter = random.Random()  # noqa: S311 - spreads load, guards nothing
        self.problem: RekamError | None = None

    def run(self, stop: threading.Event) -> None:
        """Rounds until told to stop; nothing that a round meets ends the loop, everything is told."""
        failures = 0
        while not stop.is_set():
            try:
                self.run_once()
                failures = failures + 1 if self.problem else 0
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever a database or driver raises; it is told
                _log.error("following failed", error=type(error).__qualname__)
                failures += 1
            stop.wait(self._pause(failures))

    def run_once(self) -> int:
        """One round; returns how many entries took effect. What stopped it stays in `problem`."""
        before, self.problem, applied = self.problem, None, 0
        if self._follower is None:
            return applied
        try:
            applied = self._follower.run_once()
            self._answered()
        except RekamError as error:
            self.problem = error
        if (before is None) is not (self.problem is None):
            _log.info("centre", connected=self.problem is None, reason=self.problem.code if self.problem else None)
        return applied

    def _pause(self, failures: int) -> float:
        longest = min(self._period_s * float(1 << min(failures, 16)), LONGEST_WAIT_S)
        return longest * (1 - self._jitter.random() / 2) if failures else self._period_s
