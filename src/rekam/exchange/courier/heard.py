"""Receipts of statements that a courier brings home, believed for what a statement's sender asks: `take_heard`."""

from collections.abc import Mapping

from rekam.exchange.statements import SignedStatement, Stated, StatementOutbox, StatementSender
from rekam.trust.keys import VerifyKey

__all__ = ["take_heard"]

_ALL = (1 << 31) - 1


def take_heard(outbox: StatementOutbox, receipts: Mapping[str, bytes], centre: VerifyKey) -> int:
    """Acknowledge the statements that `receipts` (by id) prove heard; returns how many. The others wait."""
    carried = _Carried(outbox, receipts)
    return StatementSender(carried, carried, centre).run_once(_ALL)


class _Carried:
    """The outbox, narrowed to what was answered, and the centre, as far as its answers came along."""

    def __init__(self, outbox: StatementOutbox, receipts: Mapping[str, bytes]) -> None:
        self._outbox = outbox
        self._receipts = receipts

    def waiting(self, limit: int) -> list[SignedStatement]:
        return [each for each in self._outbox.waiting(limit) if each.id in self._receipts]

    def acknowledged(self, statement_id: str, receipt: bytes) -> None:
        self._outbox.acknowledged(statement_id, receipt)

    def failed(self, statement_id: str, code: str, reason: str) -> None:
        """A receipt on a stick that proves nothing sets nothing aside."""

    def retry(self) -> int:
        return self._outbox.retry()

    def listed(self) -> list[Stated]:
        return self._outbox.listed()

    def take(self, data: bytes) -> bytes:
        return self._receipts[SignedStatement.from_bytes(data).id]
