"""Following the centre's feed, over and over, whatever the connection does: `Following`."""

from collections.abc import Callable
from typing import Final

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.feed import FeedFollower
from rekam.exchange.rounds import InRounds, Pauses, Round, Rounds

__all__ = ["Following"]

PAUSES: Final = Pauses(period_s=2.0, longest_s=30.0, first_s=4.0)

_log = structlog.get_logger("rekam.portal")


class Following(InRounds):
    """One loop, in a thread of its own from `start` to `stop`. `answered` is told of each round that the centre
    answered.
    """

    def __init__(self, follower: FeedFollower | None, answered: Callable[[], None], *, pauses: Pauses = PAUSES) -> None:
        self._follower = follower
        self._answered = answered
        self.problem: RekamError | None = None
        self._rounds = Rounds("following", lambda: Round(self.run_once(), self.problem), pauses)

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
