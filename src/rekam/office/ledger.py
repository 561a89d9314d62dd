"""The office's rows as its account reads them: `OfficeLedger`."""

from collections.abc import Mapping, Sequence

from rekam.exchange.account import Entry, Holding, Key
from rekam.exchange.account_desk import Row
from rekam.exchange.outcomes import outcome_of
from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool
from rekam.trust import receipts
from rekam.trust.keys import VerifyKey

__all__ = ["OfficeLedger"]


class OfficeLedger:
    """`Ledger` over custody, outbox and status: a packet that stands in only some of them stands nowhere."""

    def __init__(self, pool: Pool, centre: VerifyKey) -> None:
        self._pool = pool
        self._centre = centre

    def rows(self, scope: str) -> Sequence[Row]:
        with self._pool.connection() as connection:
            found = connection.execute(QUERIES.ledger, {"scope": scope}).fetchall()
        return [
            Row(
                (station, epoch),
                Entry(sequence, packet_id, Holding(holding), outcome_of(status), previous),
                holding != Holding.PURGED,
            )
            for station, epoch, sequence, packet_id, previous, holding, status in found
        ]

    def heads(self) -> Mapping[Key, int]:
        return {}

    def signed_ms(self) -> Mapping[Key, Mapping[str, int]]:
        with self._pool.connection() as connection:
            found = connection.execute(QUERIES.newest_acceptances).fetchall()
        return {
            (station, epoch): {"centre": receipts.verify(bytes(receipt), self._centre).at_ms}
            for station, epoch, receipt in found
        }
