"""The register of received packets in PostgreSQL, for office and centre."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import psycopg

from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.continuity import Link
from rekam.exchange.inbox import Arrival, Fork, Issue
from rekam.exchange.pg.chains import chains_of
from rekam.packet.header import Header
from rekam.storage.migrations import MigrationSet
from rekam.storage.pool import Pool, asking
from rekam.storage.queries import Queries
from rekam.trust.certificates import chain_to_bytes
from rekam.trust.log.proof import LogProof

__all__ = ["EXCHANGE_TABLES", "AppendToLog", "ArrivalHook", "PgRegister", "Transaction"]

EXCHANGE_TABLES: Final = MigrationSet.load("rekam.exchange.pg")
"""The schema `exchange`; a place migrates it before its own tables, which may refer to `exchange.packet`."""

Transaction = psycopg.Connection[Any]
"""A connection with a transaction open on it."""

ArrivalHook = Callable[[Transaction, Arrival], None]
AppendToLog = Callable[[Transaction, Arrival], LogProof]

_SQL = Queries.load("rekam.exchange.pg", "register.sql")


class PgRegister:
    """`Register` in the schema `exchange`.

    `on_arrival(tx, arrival)` runs once for each packet, in the transaction that records it: there an office queues it
    for the centre, and the centre begins its first stage and tells the feed. Its error undoes the recording. `log`
    gives the packet its place in the public log, in the same transaction.
    """

    def __init__(
        self, pool: Pool, on_arrival: ArrivalHook = lambda _tx, _arrival: None, log: AppendToLog | None = None
    ) -> None:
        self._pool = pool
        self._on_arrival = on_arrival
        self._log = log

    def record(self, arrival: Arrival, issue: Issue) -> bytes:
        """Commit arrival, place in the log, receipt, alarm and the hook's effects; return the receipt on record."""
        with self._pool.connection() as tx:
            # what stands in a pipeline travels together; hooks say for themselves what may: it knows no `rowcount`
            with tx.pipeline():
                tx.execute(_SQL.lock_number, {"number": str(arrival.number)})
                known = tx.execute(_SQL.receipt_of, {"packet_id": arrival.packet_id}).fetchone()
            if known is not None:
                return bytes(known[0])
            receipt = issue(self._log(tx, arrival) if self._log else None)
            facts = _facts(arrival, receipt)
            with tx.pipeline():
                tx.execute(_SQL.insert_packet, facts)
                tx.execute(_SQL.raise_fork, facts)
            self._on_arrival(tx, arrival)
        return receipt

    def salt(self, packet_id: str) -> bytes:
        """The salt of a packet that is recorded, 16 bytes. Raises KeyError."""
        with asking(self._pool) as connection:
            row = connection.execute(_SQL.header_of, {"packet_id": packet_id}).fetchone()
        if row is None:
            raise KeyError(packet_id)
        return Header.from_bytes(bytes(row[0])).salt

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """The receipts of those among `packet_ids` that are recorded."""
        with asking(self._pool) as connection:
            rows = connection.execute(_SQL.receipts_of, {"packet_ids": list(packet_ids)}).fetchall()
        return {packet_id: bytes(receipt) for packet_id, receipt in rows}

    def held(self, packet_ids: Sequence[str]) -> dict[str, int | None]:
        """Which of `packet_ids` are recorded, each with its position in the public log: one statement for all."""
        with asking(self._pool) as connection:
            return dict(connection.execute(_SQL.held, {"packet_ids": list(packet_ids)}).fetchall())

    def chains(self) -> list[tuple[str, int]]:
        """Every (station, epoch) that a packet came from, sorted."""
        return sorted(chains_of(self._pool, ""))

    def links(self, station: str, epoch: int) -> list[Link]:
        """What was received of one (station, epoch)."""
        with asking(self._pool) as connection:
            return [Link(*row) for row in connection.execute(_SQL.links, {"station": station, "epoch": epoch})]

    def forks(self) -> list[Fork]:
        """All fork alarms, oldest first."""
        with asking(self._pool) as connection:
            return [
                Fork(PacketNumber(StationId(station), epoch, sequence), tuple(packet_ids))
                for station, epoch, sequence, packet_ids in connection.execute(_SQL.forks)
            ]


def _facts(arrival: Arrival, receipt: bytes) -> dict[str, object]:
    return {
        "packet_id": arrival.packet_id,
        "station": str(arrival.number.station),
        "epoch": arrival.number.epoch,
        "sequence": arrival.number.sequence,
        "previous": arrival.header.previous,
        "size": arrival.size,
        "header": arrival.header.to_bytes(),
        "chain": chain_to_bytes(arrival.chain),
        "receipt": receipt,
    }
