"""What was delivered long ago is offered again from time to time: a place that lost it gets it back: `OfferAgain`."""

from collections.abc import Callable, Sequence
from typing import Literal

import structlog

from rekam.exchange.daily_walk import EVERY_S, DailyWalk
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.outbox import Waiting
from rekam.exchange.remote import Remote
from rekam.exchange.roll_call import PAGE
from rekam.exchange.sender import Progress, Sender
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

_log = structlog.get_logger("rekam.exchange")


class OfferAgain:
    """Asks the remote which of the delivered packets it still holds, and brings it those that it does not.

    A server that was rebuilt, a disk that lost a file: no receipt is asked for anew and none is given up, since the
    remote repeats the one it gave. `run_once` does one page and is an errand of the rounds: 32 bytes a packet up, some
    nine down.
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
    ) -> None:
        self._kept = kept
        self._blobs = blobs
        self._remote = remote
        self._verify = verify
        self._kind: Literal["custody", "acceptance"] = kind
        self._clock = clock
        self._walk = DailyWalk(clock, every_s=every_s, page=page)

    def run_once(self) -> int:
        """Offer the next page, where it is time; returns how many packets the remote had lost and has again.

        Raises what the remote raises: then the same page comes next time.
        """
        if not self._walk.is_due():
            return 0
        page = self._kept(self._walk.after, self._walk.page)
        done = self._bring(page) if page else Progress()
        if not done.more:  # else its turn was over on a slow line: the same page comes next time
            self._walk.turn(len(page), page[-1].packet_id if page else "")
        return done.acknowledged

    def _bring(self, page: Sequence[Waiting]) -> Progress:
        asked = [packet.packet_id for packet in page]
        held = roll_call.verify(self._remote.roll_call(asked), asked, self._verify).held
        lost = InMemoryOutbox()
        for packet in page:
            if packet.packet_id not in held:
                _log.warning("brought again", packet_id=packet.packet_id)
                lost.put(packet)
        waiting = len(lost.waiting(self._walk.page))
        if not waiting:
            return Progress()
        sender = Sender(lost, self._blobs, self._remote, self._verify, kind=self._kind, clock=self._clock)
        progress = sender.run_once(waiting + 1)  # one more than there are: a full page would call the roll again
        if progress.stopped_by is not None:
            raise progress.stopped_by
        return progress
