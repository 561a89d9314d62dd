"""What a place still has to deliver (port `OutboxStore`), and what takes a packet off it: a receipt that verifies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import ReceiptWrong
from rekam.exchange.inbox import CertificateChain
from rekam.trust import receipts
from rekam.trust.cose import KeyLookup, SignedByAnother
from rekam.trust.keys import SignatureInvalid, VerifyKey

__all__ = ["OutboxStore", "ReceiptCheck", "SetAside", "Waiting", "check_receipt"]

ReceiptCheck = Callable[[receipts.Receipt], None]
"""What a receipt must hold beyond its signature; raises a `RekamError` where it does not."""


@dataclass(frozen=True)
class Waiting:
    """A packet that waits to be sent.

    `number`: ``317401-01/1/000042``; `size`: bytes; `since_ms`: when it was queued, for showing only; `chain`: the
    certificates of the station that sealed it.
    """

    packet_id: str
    number: str
    size: int
    since_ms: int
    chain: CertificateChain = field(repr=False)


@dataclass(frozen=True)
class SetAside:
    """A packet that could not be delivered for a reason of its own; `reason` is a sentence, `code` an error's name."""

    packet_id: str
    number: str
    code: str
    reason: str


class OutboxStore(Protocol):
    """The packets that a place still has to deliver. Adapters: `InMemoryOutbox`, `PgOutbox`, the station's own.

    A packet is waiting, set aside or acknowledged: by its own receipt, by a roll call that names it, or by both. Every
    call is one durable transaction. Safe for threads.
    """

    def waiting(self, limit: int) -> list[Waiting]:
        """The packets to send, in the order they were queued, those set aside left out."""

    def acknowledged(self, packet_id: str, receipt: bytes) -> None:
        """Keep the verified receipt; the packet waits no longer. Again with any receipt: the first one stays."""

    def unacknowledged(self, after: int, limit: int) -> list[tuple[int, str]]:
        """The ids of the packets waiting or set aside whose place in the queue comes after `after`, each with that
        place, which is 1 or more: what a roll call asks for.
        """

    def rolled(self, held: Sequence[str], asked: Sequence[str], answer: bytes) -> int:
        """Keep the verified `answer` to a roll call for `asked`; those `held` wait no longer. Returns how many did."""

    def failed(self, packet_id: str, code: str, reason: str) -> None:
        """Set the packet aside for people to look at; one that was acknowledged meanwhile stays acknowledged."""

    def set_aside(self) -> list[SetAside]:
        """The packets set aside, oldest first: a work list on the outbox page."""

    def kept(self, after: str, limit: int) -> list[Waiting]:
        """Packets that were acknowledged and whose bytes are still here, by id in ascending order, those after
        `after` only: what is offered again from time to time.
        """

    def retry(self, packet_id: str | None = None) -> int:
        """Let one packet, or all that were set aside, wait again; returns how many. Called at every start, too."""


def check_receipt(
    packet: Waiting,
    data: bytes,
    verify: VerifyKey | KeyLookup,
    *,
    kind: Literal["custody", "acceptance"],
    check: ReceiptCheck = lambda _receipt: None,
) -> receipts.Receipt:
    """The receipt, if it proves that this very packet arrived, whoever brought it: the line or a courier.

    Raises `ReceiptWrong`.
    """
    try:
        receipt = receipts.verify(data, verify)
    except (receipts.ReceiptUnreadable, SignedByAnother, SignatureInvalid) as error:
        raise ReceiptWrong(packet_id=packet.packet_id, reason=str(error)) from error
    said = (receipt.kind, receipt.packet_id, receipt.number, receipt.size)
    if said != (kind, packet.packet_id, packet.number, packet.size):
        raise ReceiptWrong(packet_id=packet.packet_id, reason=f"it says {said}")
    try:
        check(receipt)
    except RekamError as error:
        raise ReceiptWrong(packet_id=packet.packet_id, reason=str(error)) from error
    return receipt
