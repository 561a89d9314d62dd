"""What was delivered long ago is offered again from time to time: a place that lost it gets it back: `OfferAgain`."""

from collections.abc import Callable, Collection, Container, Sequence
from typing import Literal

import structlog

from rekam.exchange.daily_walk import EVERY_S, DailyWalk
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.outbox import SetAside, Waiting
from rekam.exchange.remote import Remote
from rekam.exchange.roll_call import PAGE
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.trust import roll_call
from rekam.trust.clock import Clock
from rekam.trust.cose import KeyLookup
from rekam.trust.keys import VerifyKey

__all__ = ["Kept", "OfferAgain"]

Kept = Callable[[str, int], Sequence[Waiting]]
"""`kept(after, limit)`: packets that the next place acknowledged and whose bytes are still here, by id in ascending
order, those after `after` only.
"""

_AT_ONCE = 500
"""Packets a run: their ids, asked again in each, take a second of a line of 128 kbit/s."""

_log = structlog.get_logger("rekam.exchange")


class OfferAgain:
    """Asks the remote which of the delivered packets it still holds, and brings it those that it does not.

    A server that was rebuilt, a disk that lost a file: no receipt is asked for anew and none is given up, since the
    remote repeats the one it gave. `run_once` does one page and is an errand of the rounds: 32 bytes a packet up, some
    nine down. What cannot be brought, because it is damaged here, too, is `owed` and tried again after growing pauses:
    it goes up soon after somebody has brought it back here.
    """

    def __init__(
        self,
        kept: Kept,
        blobs: BlobStore,
        remote: Remote,
        verify: VerifyKey | KeyLookup,
        *,
        kind: Literal["custody", "acceptance"],
        clock: Clock,
        every_s: float = EVERY_S,
        page: int = PAGE,
        found: Callable[[Collection[str]], None] = lambda _packet_ids: None,
    ) -> None:
        """`found` is told which packets the remote holds, as soon as that is known."""
        self._kept = kept
        self._remote = remote
        self._verify = verify
        self._walk = DailyWalk(clock, every_s=every_s, page=page)
        self._lost = InMemoryOutbox()
        self._sender = Sender(self._lost, blobs, remote, verify, kind=kind, clock=clock)
        self._found = found
        self._hurried = False
        self.owed: tuple[SetAside, ...] = ()
        """What the remote has lost and cannot be brought, each with why; any thread may look."""

    def retry(self) -> None:
        """What is owed is tried in the next run, whatever its pause; any thread may ask for it."""
        self._hurried = True

    def run_once(self) -> int:
        """Ask for the next page, where it is time, and bring what was lost; returns how many packets the remote has
        again.

        Raises what the remote raises: what was not asked or not brought comes next time.
        """
        if self._hurried:
            self._hurried = False
            self._lost.retry()
        if self._walk.is_due() and not self._lost.waiting(1):
            self._ask()
        return self._bring()

    def _ask(self) -> None:
        after, page = self._walk.after, self._kept(self._walk.after, self._walk.page)
        asked = [packet.packet_id for packet in page]
        held = roll_call.verify(self._remote.roll_call(asked), asked, self._verify).held if asked else {}
        lost = {packet.packet_id: packet for packet in page if packet.packet_id not in held}
        self._forget_between(after, asked[-1] if len(asked) == self._walk.page else None, lost)
        self._found(held)
        for packet in lost.values():
            self._lost.put(packet)
        self._walk.turn(len(asked), asked[-1] if asked else "")

    def _forget_between(self, after: str, last: str | None, lost: Container[str]) -> None:
        """What was owed of this page and has been found there since, or is kept here no longer. `last`: None at the end
        of all.
        """
        for owed in self._lost.set_aside():
            if owed.packet_id > after and (last is None or owed.packet_id <= last) and owed.packet_id not in lost:
                self._lost.forget(owed.packet_id)
        self.owed = tuple(self._lost.set_aside())

    def _bring(self) -> int:
        if not (self.owed or self._lost.waiting(1)):
            return 0
        progress = self._sender.run_once(_AT_ONCE)
        again = [*self._lost.receipts, *self._lost.rolls]
        self._found(again)
        for packet_id in again:
            _log.warning("brought again", packet_id=packet_id)
            self._lost.forget(packet_id)  # it may be lost again
        for each in set(self._lost.set_aside()) - set(self.owed):
            _log.error("lost there and cannot be brought", packet_id=each.packet_id, code=each.code)
        self.owed = tuple(self._lost.set_aside())
        if progress.stopped_by is not None:
            raise progress.stopped_by
        return progress.acknowledged
