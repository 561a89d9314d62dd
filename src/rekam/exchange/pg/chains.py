"""Which chains of packets a place has received: `chains_of`."""

from collections.abc import Mapping
from typing import Final

from rekam.exchange.account import Key
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries

__all__ = ["chains_of"]

_SQL: Final = Queries.load("rekam.exchange.pg", "chains.sql")


def chains_of(pool: Pool, scope: str) -> Mapping[Key, int]:
    """The chains of the stations whose id begins with `scope`, and how many packets of each arrived."""
    with pool.connection() as connection:
        found = connection.execute(_SQL.packets_of_chains, {"scope": scope}).fetchall()
    return {(station, epoch): packets for station, epoch, packets in found}
