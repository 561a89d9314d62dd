"""Sending statements: oldest first, and none of them can hold up another: `StatementSender`."""

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RequestRefused, StatementRefused
from rekam.exchange.second_chances import SecondChances
from rekam.exchange.statements import SignedStatement, StatementOutbox, StatementRemote, check_heard
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey

__all__ = ["StatementSender"]


class StatementSender:
    """Delivers statements. One that the centre refuses is set aside and tried again after pauses that grow, and at
    every start. One whose request is refused, or that ends a round in whatever way (a proxy may find it too long), is
    the last of the next round, so that all others have their turn.
    """

    def __init__(self, outbox: StatementOutbox, remote: StatementRemote, centre: VerifyKey, clock: Clock) -> None:
        self._outbox = outbox
        self._remote = remote
        self._centre = centre
        self._second_chances = SecondChances(outbox.set_aside, outbox.retry, clock)
        self._fresh = True
        self._last: set[str] = set()

    def run_once(self, limit: int = 50) -> int:
        """How many of `limit` the centre confirmed. Raises `RemoteUnreachable` and its kin, or
        `RequestRefused` where no statement was answered at all; then the rest waits.
        """
        if self._fresh:
            self._outbox.retry()
            self._fresh = False
        self._second_chances.give()
        waiting = self._outbox.waiting(limit + len(self._last))
        waiting.sort(key=lambda signed: signed.id in self._last)
        self._last &= {signed.id for signed in waiting}
        confirmed, answered, unheard = 0, 0, dict[str, RequestRefused]()
        for signed in waiting[:limit]:
            try:
                confirmed += self._told(signed)
                answered += 1
                self._last.discard(signed.id)
            except RequestRefused as error:
                unheard[signed.id] = error
            except RekamError:
                self._last |= {signed.id, *unheard}
                raise
        if unheard and not answered:  # then it is the sender who is refused, and no statement's fault
            self._last |= unheard.keys()
            raise next(iter(unheard.values()))
        for statement_id, refusal in unheard.items():
            self._outbox.failed(statement_id, str(refusal.facts["code"]), str(refusal))
        self._last -= unheard.keys()
        return confirmed

    def _told(self, signed: SignedStatement) -> bool:
        """Whether the centre has it now; otherwise it was set aside."""
        try:
            receipt = self._remote.take(signed.to_bytes())
            check_heard(signed.id, receipt, self._centre)
        except StatementRefused as error:
            self._outbox.failed(signed.id, str(error.facts.get("code", error.code)), str(error))
            return False
        self._outbox.acknowledged(signed.id, receipt)
        return True
