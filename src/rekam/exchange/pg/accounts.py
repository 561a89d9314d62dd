"""The accounts that places below brought, in PostgreSQL: `PgAccounts`."""

from collections.abc import Mapping
from datetime import datetime

from rekam.exchange.account import Account, Key
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries

__all__ = ["PgAccounts"]

_SQL = Queries.load("rekam.exchange.pg", "accounts.sql")


class PgAccounts:
    """`AccountStore` in the schema `exchange`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def put(self, account: Account, data: bytes, *, live: bool) -> bool:
        """See `AccountStore`."""
        row = {"place": account.place, "at_ms": account.at_ms, "live": live, "data": data}
        with self._pool.connection() as tx:
            return tx.execute(_SQL.put, row).rowcount == 1

    def newest(self) -> list[tuple[bytes, datetime, bool]]:
        """See `AccountStore`."""
        with self._pool.connection() as connection:
            return [(bytes(data), at, live) for data, at, live in connection.execute(_SQL.newest)]

    def knows(self, place: str) -> Mapping[Key, int]:
        """See `AccountStore`."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.knows, {"place": place}).fetchall()
        return {(station, epoch): highest for station, epoch, highest in rows}
