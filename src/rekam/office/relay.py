"""The relay: packets up to the centre, the feed down, over and over, whatever the connection does: `OfficeRelay`."""

import random
import threading
from dataclasses import dataclass
from typing import Final

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.feed import FeedFollower
from rekam.exchange.outbox import OutboxStore, Sender
from rekam.trust.clock import Clock

__all__ = ["Connection", "OfficeRelay", "Round"]

FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 15.0

_log = structlog.get_logger("rekam.office")


@dataclass(frozen=True)
class Connection:
    """The newest round with the centre: `connected`, or why not; `since_ns` is monotonic, when that began to be so.

    `connected` is None before the first round and where no centre is set.
    """

    connected: bool | None
    since_ns: int
    reason: RekamError | None = None


@dataclass(frozen=True)
class Round:
    """What one round did: packets accepted plus entries applied, and what stopped it, if anything did."""

    moved: int
    problem: RekamError | None


class OfficeRelay:
    """One loop for both ways. `period_s` is the wait between rounds while all is well; after a failure it doubles
    from half a second to `longest_wait_s`, shortened at random so that offices do not come back together.
    """

    def __init__(
        self,
        sender: Sender | None,
        follower: FeedFollower | None,
        outbox: OutboxStore,
        clock: Clock,
        *,
        period_s: float = 1.0,
        longest_wait_s: float = LONGEST_WAIT_S,
    ) -> None:
        self._sender = sender
        self._follower = follower
        self._outbox = outbox
        self._clock = clock
        self._period_s = period_s
        self._longest_wait_s = longest_wait_s
        self._jitter = random.Random()  # noqa: S311 - spreads load, guards nothing
        self._connection = Connection(None, clock.stamp().monotonic_ns)
        self._stop = threading.Event()

    @property
    def connection(self) -> Connection:
        """How it stands with the centre; any thread may ask."""
        return self._connection

    @property
    def stopping(self) -> bool:
        """Whether `run` was told to stop; a sender asks between packets."""
        return self._stop.is_set()

    def run(self, stop: threading.Event) -> None:
        """Rounds until told to stop; nothing that a round meets ends the loop, everything is told."""
        self._stop = stop
        failures, fresh = 0, True
        while not stop.is_set():
            try:
                if fresh:
                    self._outbox.retry()
                    fresh = False
                done = self.run_once()
                failures = 0 if done.moved or done.problem is None else failures + 1
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever a database or driver raises; it is told
                _log.error("relay failed", error=type(error).__qualname__)
                failures += 1
            stop.wait(self._pause(failures))

    def run_once(self) -> Round:
        """One round: up to 50 packets sent, the feed followed.

        The way down is tried even when the way up fails: a centre with a full disk still has results to give.
        """
        moved, problem = 0, None
        if self._sender is not None:
            sent = self._sender.run_once()
            moved, problem = sent.acknowledged, sent.stopped_by
        if self._follower is not None and not isinstance(problem, RemoteUnreachable):
            try:
                moved += self._follower.run_once()
            except RekamError as error:
                problem = error
        if self._sender or self._follower:
            # a centre that says "busy", "full" or "no" is there
            self._note(connected=not isinstance(problem, RemoteUnreachable), reason=problem)
        return Round(moved, problem)

    def _note(self, *, connected: bool, reason: RekamError | None = None) -> None:
        before = self._connection
        changed = before.connected is not connected
        self._connection = Connection(
            connected, self._clock.stamp().monotonic_ns if changed else before.since_ns, reason
        )
        if changed:
            _log.info("centre", connected=connected, reason=reason.code if reason else None)

    def _pause(self, failures: int) -> float:
        if not failures:
            return self._period_s
        longest = min(FIRST_WAIT_S * float(1 << min(failures - 1, 16)), self._longest_wait_s)
        return longest * (1 - self._jitter.random() / 2)
