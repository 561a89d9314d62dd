"""Who works at a station, beyond those whom provisioning left there: `joined`, `Staff`."""

from typing import Final

from rekam.exchange.pg.register import Transaction
from rekam.storage.queries import Queries

__all__ = ["Staff", "joined"]

_SQL: Final = Queries.load("rekam.office", "station_staff.sql")
Staff = tuple[tuple[str, str, str], ...]
"""As (subject, name, role)."""


def joined(tx: Transaction, station: str) -> Staff:
    """Who was certified for a station since it was provisioned, as far as the caller's transaction sees."""
    return tuple((row[0], row[1], row[2]) for row in tx.execute(_SQL.joined, {"station": station}))
