"""The centre's rows as its account reads them: `CentreLedger`."""

from collections.abc import Mapping, Sequence

from rekam.centre.sql import VIEWS
from rekam.exchange.account import Entry, Holding, Key, Outcome
from rekam.exchange.account_desk import Row
from rekam.storage.pool import Pool

__all__ = ["CentreLedger"]


class CentreLedger:
    """`Ledger` over packets, cases, stages, results and the public log."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def rows(self, scope: str) -> Sequence[Row]:
        with self._pool.connection() as connection:
            found = connection.execute(VIEWS.ledger, {"scope": scope}).fetchall()
        return [
            Row((station, epoch), Entry(sequence, packet_id, Holding.ACCEPTED, Outcome(outcome), previous), kept=True)
            for station, epoch, sequence, packet_id, previous, outcome in found
        ]

    def heads(self) -> Mapping[Key, int]:
        return {}

    def signed_ms(self) -> Mapping[Key, Mapping[str, int]]:
        return {}
