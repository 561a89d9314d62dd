"""The centre's rows as its account reads them: `CentreLedger`."""

from collections.abc import Iterator, Mapping

from rekam.centre.sql import VIEWS
from rekam.exchange.account import Entry, Holding, Key, Outcome
from rekam.exchange.account_desk import Row
from rekam.exchange.pg.chains import chains_of
from rekam.storage.pool import Pool

__all__ = ["CentreLedger"]


class CentreLedger:
    """`Ledger` over packets, cases, stages, results and the public log."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def chains(self, scope: str) -> Mapping[Key, int]:
        return chains_of(self._pool, scope)

    def rows(self, key: Key) -> Iterator[Row]:
        with self._pool.connection() as connection:
            found = connection.execute(VIEWS.ledger, {"station": key[0], "epoch": key[1]}).fetchall()
        for sequence, packet_id, previous, outcome in found:
            yield Row(Entry(sequence, packet_id, Holding.ACCEPTED, Outcome(outcome), previous), kept=True)

    def heads(self) -> Mapping[Key, int]:
        return {}

    def signed_ms(self) -> Mapping[Key, Mapping[str, int]]:
        return {}
