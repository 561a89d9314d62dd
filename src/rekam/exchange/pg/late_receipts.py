"""Receipts that the feed tells, for packets whose own answer never came back: `LateReceipts`."""

import structlog

from rekam.exchange.errors import ReceiptWrong
from rekam.exchange.log import check_logged
from rekam.exchange.outbox import check_receipt
from rekam.exchange.pg.outbox import unreceipted
from rekam.exchange.pg.register import Transaction
from rekam.storage.queries import Queries
from rekam.trust.keys import VerifyKey
from rekam.trust.receipts import Receipt

__all__ = ["LateReceipts"]

_SQL = Queries.load("rekam.exchange.pg", "outbox.sql")

_log = structlog.get_logger("rekam.exchange")


class LateReceipts:
    """A roll call clears an outbox without the receipts themselves. But no copy is purged without one, the log's
    witness compares it, and a restored centre asks for it: so it is taken from wherever it comes.
    """

    def __init__(self, centre: VerifyKey) -> None:
        self._centre = centre

    def take(self, tx: Transaction, packet_id: str, data: bytes) -> None:
        """Keep the acceptance of a packet that has none, if it proves what a sender asks; else nothing changes."""
        found = unreceipted(tx, packet_id)
        if found is None:
            return
        packet, salt = found

        def logged(receipt: Receipt) -> None:
            check_logged(receipt, salt, self._centre)

        try:
            check_receipt(packet, data, self._centre, kind="acceptance", check=logged)
        except ReceiptWrong as error:
            _log.error("the feed told a receipt that is not believed", packet_id=packet_id, error=error.code)
            return
        tx.execute(_SQL.acknowledge, {"packet_id": packet_id, "receipt": data})
