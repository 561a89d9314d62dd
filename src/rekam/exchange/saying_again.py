"""A centre that lost what it had confirmed is told again, as it is asked from time to time: `SayAgain`."""

from typing import Final

import structlog

from rekam.exchange.daily_walk import EVERY_S, DailyWalk
from rekam.exchange.errors import StatementRefused
from rekam.exchange.statements import StatementOutbox, StatementRemote, check_heard
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey

__all__ = ["SayAgain"]

PAGE: Final = 1000
_log = structlog.get_logger("rekam.exchange")


class SayAgain:
    """Asks the centre which confirmed statements it lacks, and says those again: a centre that was restored from its
    backup knows fewer. A statement counts once, however often it is said, and its receipt stays the first.

    `run_once` does one page and is an errand of the rounds. One that is refused holds up no other and is said again the
    next day: a restored centre orders a card anew before it hears that the card was printed.
    """

    def __init__(
        self,
        outbox: StatementOutbox,
        remote: StatementRemote,
        centre: VerifyKey,
        clock: Clock,
        *,
        every_s: float = EVERY_S,
        page: int = PAGE,
    ) -> None:
        self._outbox = outbox
        self._remote = remote
        self._centre = centre
        self._walk = DailyWalk(clock, every_s=every_s, page=page)

    def run_once(self) -> int:
        """How many the centre had lost and has again. Raises what the remote raises: the same page comes next time."""
        if not self._walk.is_due():
            return 0
        page = {signed.id: signed for signed in self._outbox.confirmed(self._walk.after, self._walk.page)}
        brought = 0
        for statement_id in self._remote.lacking(list(page)) if page else ():
            if statement_id in page:
                brought += self._said(statement_id, page[statement_id].to_bytes())
        self._walk.turn(len(page), max(page, default=""))
        return brought

    def _said(self, statement_id: str, data: bytes) -> bool:
        try:
            check_heard(statement_id, self._remote.take(data), self._centre)
        except StatementRefused as error:
            _log.warning("a statement is not heard again", statement=statement_id, code=error.code)
            return False
        _log.warning("said again", statement=statement_id)
        return True
