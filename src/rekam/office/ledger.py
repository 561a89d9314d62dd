"""The office's rows as its account reads them: `OfficeLedger`."""

from collections.abc import Iterator, Mapping

from rekam.exchange.account import Entry, Holding, Key
from rekam.exchange.account_desk import Row
from rekam.exchange.outcomes import outcome_of
from rekam.exchange.pg.chains import chains_of
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

    def chains(self, scope: str) -> Mapping[Key, int]:
        return chains_of(self._pool, scope)

    def rows(self, key: Key) -> Iterator[Row]:
        with self._pool.connection() as connection:
            found = connection.execute(QUERIES.ledger, {"station": key[0], "epoch": key[1]}).fetchall()
        for sequence, packet_id, previous, holding, status in found:
            entry = Entry(sequence, packet_id, Holding(holding), outcome_of(status), previous)
            yield Row(entry, holding != Holding.PURGED)

    def heads(self) -> Mapping[Key, int]:
        return {}

    def signed_ms(self) -> Mapping[Key, Mapping[str, int]]:
        with self._pool.connection() as connection:
            found = connection.execute(QUERIES.newest_acceptances).fetchall()
        return {
            (station, epoch): {"centre": receipts.verify(bytes(receipt), self._centre).at_ms}
            for station, epoch, receipt in found
        }
