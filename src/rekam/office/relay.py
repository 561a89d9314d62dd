"""The relay: packets up to the centre, the feed down, over and over, whatever the connection does: `OfficeRelay`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.downloads import Downloads
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.feed import FeedFollower
from rekam.exchange.outbox import OutboxStore
from rekam.exchange.rounds import InRounds, Pauses, Round, Rounds
from rekam.exchange.sender import Sender
from rekam.trust.clock import Clock

__all__ = ["Connection", "Errand", "OfficeRelay"]

PAUSES: Final = Pauses(period_s=1.0, longest_s=15.0)

Errand = Callable[[], int]
"""Something else to do at the centre in each round, once more and harmlessly: how much it moved. May raise a
`RekamError`, which is told and never keeps the other errands from their turn."""

_log = structlog.get_logger("rekam.office")


@dataclass(frozen=True)
class Connection:
    """The newest round with the centre: `connected`, or why not; `since_ns` is monotonic, when that began to be so.

    `connected` is None before the first round and where no centre is set.
    """

    connected: bool | None
    since_ns: int
    reason: RekamError | None = None


class OfficeRelay(InRounds):
    """One loop for both ways, in a thread of its own from `start` to `stop`."""

    def __init__(
        self,
        sender: Sender | None,
        follower: FeedFollower | None,
        outbox: OutboxStore,
        clock: Clock,
        *,
        pauses: Pauses = PAUSES,
        errands: Sequence[Errand] = (),
        downloads: Downloads | None = None,
    ) -> None:
        self._sender = sender
        self._follower = follower
        self._outbox = outbox
        self._downloads = downloads
        self._clock = clock
        self._errands = tuple(errands)
        self._connection = Connection(None, clock.stamp().monotonic_ns)
        self._fresh = True
        self._rounds = Rounds("relay", self.run_once, pauses)

    def wake(self) -> None:
        """There is something to send: the next round begins now."""
        self._rounds.wake()

    @property
    def connection(self) -> Connection:
        """How it stands with the centre; any thread may ask."""
        return self._connection

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop; a sender asks between packets."""
        return self._rounds.stopping

    def run_once(self) -> Round:
        """One round: packets sent for a while, the errands run, the feed followed, for a while its parts fetched.

        The way down is tried even when the way up fails: a centre with a full disk still has results to give.
        """
        if self._fresh:
            self._outbox.retry()
            self._fresh = False
        moved, problem, more = 0, None, False
        if self._sender is not None:
            sent = self._sender.run_once()
            moved, problem, more = sent.acknowledged, sent.stopped_by, sent.more
        for errand in self._errands:
            if isinstance(problem, RemoteUnreachable):
                break
            try:
                moved += errand()
            except RekamError as error:
                problem = problem or error
        if self._follower is not None and not isinstance(problem, RemoteUnreachable):
            try:
                moved += self._follower.run_once()
            except RekamError as error:
                problem = error
        if self._sender or self._follower:
            # a centre that says "busy", "full" or "no" is there
            self._note(connected=not isinstance(problem, RemoteUnreachable), reason=problem)
        if self._downloads is not None and not isinstance(problem, RemoteUnreachable):
            self._downloads.run_once()
        return Round(moved, problem, more)

    def _note(self, *, connected: bool, reason: RekamError | None = None) -> None:
        before = self._connection
        changed = before.connected is not connected
        self._connection = Connection(
            connected, self._clock.stamp().monotonic_ns if changed else before.since_ns, reason
        )
        if changed:
            _log.info("centre", connected=connected, reason=reason.code if reason else None)
