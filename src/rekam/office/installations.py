"""The installations of an office's stations: what it holds of each, and what it certifies for the newest:
`Installations`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rekam.exchange.pg.fences import PgFences, fence_in
from rekam.exchange.pg.register import Transaction
from rekam.exchange.recovery import NotYourStation
from rekam.exchange.recovery_account import Account, Found, reckon
from rekam.exchange.remembered import Remembered
from rekam.office.issuing import Issued, Issuing
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust import cbor
from rekam.trust.certificates import Certificate
from rekam.trust.keys import VerifyKey

__all__ = ["Installation", "Installations"]

_SQL: Final = Queries.load("rekam.office", "installations.sql")


@dataclass(frozen=True)
class Installation:
    """What the office knows of an earlier installation: packets, highest number, when the last came, forks."""

    epoch: int
    packets: int
    highest: int
    heard_at: datetime
    forks: int


class Installations:
    """What became of a station's keys, old and new, each question in one transaction."""

    def __init__(self, pool: Pool, issuing: Issuing, fences: PgFences) -> None:
        self._pool = pool
        self._issuing = issuing
        self._fences = fences

    def known(self, station: str) -> list[Installation]:
        """What this office knows of the station's earlier installations."""
        with self._pool.connection() as tx:
            return [Installation(*row) for row in tx.execute(_SQL.last_heard, {"station": station})]

    def certify(self, by: Certificate, wanted: Sequence[tuple[str, VerifyKey]]) -> dict[str, tuple[bytes, ...]]:
        """Certificates for the new keys of those who work at a station that was set up anew; `by` is its own.

        Raises `NotYourStation`; names that the office does not have there get none.
        """
        with self._pool.connection() as tx:
            self._require_current(tx, by)
            return self._issuing.staff(tx, by.subject, wanted)

    def note_found(self, by: Certificate, found: Found) -> None:
        """What the station found of its old installation; a later word replaces it. Raises `NotYourStation`."""
        with self._pool.connection() as tx:
            request = self._require_current(tx, by)
            tx.execute(_SQL.note_found, {"request": request, "found": cbor.encode(found.to_map())})

    def account(self, request: str) -> list[Account]:
        """The closing reckoning of a request that was issued, one line for each earlier installation."""
        with self._pool.connection() as tx:
            issued = Issued.of(tx, request)
            if issued is None:
                return []
            row = tx.execute(_SQL.found, {"request": request}).fetchone()
            found = Found.from_map(cbor.decode(bytes(row[0]))) if row else Found()
            earlier = [row[0] for row in tx.execute(_SQL.earlier, {"station": issued.station, "epoch": issued.epoch})]
            return [self._reckon(tx, issued, epoch, found if epoch == max(earlier) else Found()) for epoch in earlier]

    def remembered(self, station: str, epoch: int) -> Remembered:
        """What this office holds of an installation, for the station to compare its own chain with. Of one whose key
        was withdrawn only that: who else holds the key learns no more.
        """
        fence = self._fences.fence_of(station, epoch)
        if fence is not None:
            return Remembered(station, epoch, 0, "", forked=False, withdrawn=fence.after + 1)
        with self._pool.connection() as tx:
            row = tx.execute(_SQL.remembered, {"station": station, "epoch": epoch}).fetchone()
        if row is None:
            return Remembered(station, epoch, 0, "", forked=False)
        return Remembered(station, epoch, row[0], row[1][0], forked=row[2] > 0)

    def _reckon(self, tx: Transaction, issued: Issued, epoch: int, found: Found) -> Account:
        of_epoch = {"station": issued.station, "epoch": epoch}
        accepted = [packet_id for (packet_id,) in tx.execute(_SQL.accepted, of_epoch)]
        fence = fence_in(tx, issued.station, epoch)
        links = self._fences.links(tx, issued.station, epoch)
        return reckon(epoch, links, accepted, found, known=fence.after if fence else 0)

    @staticmethod
    def _require_current(tx: Transaction, by: Certificate) -> str:
        newest = tx.execute(_SQL.newest_issue, {"station": by.subject}).fetchone()
        if newest is None or by.kind != "station" or newest[1] != by.epoch:
            raise NotYourStation(station=by.subject)
        return str(newest[0])
