"""Who takes in receipts that a courier brought: `ReceiptTaker`, `OutboxTaker`."""

from typing import Literal, Protocol

from rekam.exchange.outbox import ReceiptCheck, Waiting, check_receipt
from rekam.trust.keys import VerifyKey

__all__ = ["OutboxTaker", "ReceiptTaker", "Settled"]


class ReceiptTaker(Protocol):
    """Takes in the receipts that one place gave. `key`: that place's."""

    @property
    def key(self) -> VerifyKey: ...

    def take(self, data: bytes, packet_id: str) -> bool:
        """Verify and keep a receipt, which claims to be for `packet_id`; False when it brings nothing new.

        Raises `ReceiptWrong`.
        """


class Settled(Protocol):
    """The part of an `OutboxStore` that receipts settle."""

    def retry(self) -> int: ...
    def waiting(self, limit: int) -> list[Waiting]: ...
    def acknowledged(self, packet_id: str, receipt: bytes) -> None: ...


class OutboxTaker:
    """Receipts that take packets off an outbox, believed for nothing less than what a `Sender` asks."""

    def __init__(
        self,
        outbox: Settled,
        key: VerifyKey,
        kind: Literal["custody", "acceptance"],
        check: ReceiptCheck = lambda _receipt: None,
    ) -> None:
        self.key = key
        self._outbox = outbox
        self._kind: Literal["custody", "acceptance"] = kind
        self._check = check
        self._waiting: dict[str, Waiting] | None = None

    def take(self, data: bytes, packet_id: str) -> bool:
        waiting = self._all()
        packet = waiting.get(packet_id)
        if packet is None:
            return False
        check_receipt(packet, data, self.key, kind=self._kind, check=self._check)
        self._outbox.acknowledged(packet.packet_id, data)
        del waiting[packet.packet_id]
        return True

    def _all(self) -> dict[str, Waiting]:
        """What waits, those set aside included: a receipt settles whatever the reason was."""
        if self._waiting is None:
            self._outbox.retry()
            self._waiting = {packet.packet_id: packet for packet in self._outbox.waiting(1 << 31)}
        return self._waiting
