"""Who works at a station, provisioning and all that was decided since: `joined`, `working`, `Staff`."""

from typing import Final

from rekam.exchange.pg.register import Transaction
from rekam.storage.queries import Queries

__all__ = ["Staff", "joined", "working"]

_SQL: Final = Queries.load("rekam.office", "station_staff.sql")
Staff = tuple[tuple[str, str, str], ...]
"""As (subject, name, role)."""


def joined(tx: Transaction, station: str) -> Staff:
    """Who was certified for a station since it was provisioned, as far as the caller's transaction sees."""
    return tuple((row[0], row[1], row[2]) for row in tx.execute(_SQL.joined, {"station": station}))


def working(tx: Transaction, station: str, provisioned: Staff) -> dict[str, tuple[str, str, str]]:
    """Everybody once, by subject, in the role that the newest word gives them, without those whom officials stopped."""
    stopped = {subject for (subject,) in tx.execute(_SQL.stopped, {"station": station})}
    return {who[0]: who for who in (*provisioned, *joined(tx, station)) if who[0] not in stopped}
