"""Asking a place which of many packets it holds, and taking its one signed word for all of them: `RollCaller`."""

from collections.abc import Callable
from typing import Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RollCallWrong
from rekam.exchange.log import log_key
from rekam.exchange.outbox import OutboxStore
from rekam.exchange.remote import Remote
from rekam.trust import roll_call
from rekam.trust.cose import KeyLookup
from rekam.trust.keys import VerifyKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import Note
from rekam.trust.roll_call import RollCall

__all__ = ["PAGE", "RollCaller", "RollCheck", "check_positions"]

PAGE: Final = 16_384
"""Ids in one question: half a megabyte, so that it fits a request and a cut line costs no more than that."""

RollCheck = Callable[[RollCall], object]
"""What an answer must hold beyond its signature; raises a `RekamError` where it does not."""


def check_positions(roll: RollCall, centre: VerifyKey) -> Checkpoint:
    """The checkpoint under which the centre says its packets stand in the public log, each at a place of its own.

    That they do stand there can be shown from the log's tiles by anybody, for as long as the answer is kept: an answer
    that is not true convicts its signer. Raises RollCallWrong, SignatureInvalid, NoteUnreadable.
    """
    checkpoint = Checkpoint.of(Note.parse(roll.checkpoint or ""), log_key(centre))
    positions = [-1 if each is None else each for each in roll.held.values()]
    if len(set(positions)) < len(positions):
        raise RollCallWrong(reason="two packets at one position of the public log")
    if any(not 0 <= each < checkpoint.size for each in positions):
        raise RollCallWrong(reason="a position that the public log does not have")
    return checkpoint


class RollCaller:
    """Clears an outbox of all that its remote holds already, some nine bytes a packet and one statement a page.

    For an outbox that came back from an old image, or whose receipts never came back over a bad line. `verify` is the
    remote's key or finds it; `kind` what its receipts are; `check` looks further into the answer.
    """

    def __init__(
        self,
        outbox: OutboxStore,
        remote: Remote,
        verify: VerifyKey | KeyLookup,
        *,
        kind: Literal["custody", "acceptance"],
        check: RollCheck = lambda _roll: None,
        page: int = PAGE,
    ) -> None:
        self._outbox = outbox
        self._remote = remote
        self._verify = verify
        self._kind = kind
        self._look_further = check
        self._page = page

    def run_once(self) -> int:
        """Ask for everything that is not acknowledged; returns how many packets are now.

        Raises what the remote raises, and RollCallWrong: then the pages before count and the rest stays as it was.
        """
        acknowledged = after = 0
        while page := self._outbox.unacknowledged(after, self._page):
            after = page[-1][0]
            asked = [packet_id for _, packet_id in page]
            answer = self._remote.roll_call(asked)
            held = self._verified(answer, asked).held
            if held:
                acknowledged += self._outbox.rolled(list(held), asked, answer)
        return acknowledged

    def _verified(self, answer: bytes, asked: list[str]) -> RollCall:
        try:
            roll = roll_call.verify(answer, asked, self._verify)
            self._look_further(roll)
        except RollCallWrong:
            raise
        except RekamError as error:
            raise RollCallWrong(reason=str(error)) from error
        if roll.kind != self._kind:
            raise RollCallWrong(reason=f"it says {roll.kind}")
        return roll
