"""The outbox of a relaying place in PostgreSQL: what it holds in custody and must hand on."""

from collections.abc import Sequence
from dataclasses import dataclass

from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.outbox import SetAside, Waiting
from rekam.exchange.pg.register import Transaction
from rekam.packet.header import Header
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.certificates import chain_from_bytes
from rekam.trust.roll_call import ids_from_bytes, ids_to_bytes

__all__ = ["Backlog", "PgOutbox", "enqueue", "unreceipted"]

_SQL = Queries.load("rekam.exchange.pg", "outbox.sql")


@dataclass(frozen=True)
class Backlog:
    """How many packets are not acknowledged (those set aside included) and the age of the oldest in seconds."""

    packets: int
    oldest_s: float


def enqueue(tx: Transaction, packet_id: str) -> None:
    """Queue a packet in the transaction that records it: the office's `on_arrival`."""
    tx.execute(_SQL.enqueue, {"packet_id": packet_id})


def unreceipted(tx: Transaction, packet_id: str) -> tuple[Waiting, bytes] | None:
    """A packet of the outbox that has no receipt, acknowledged or not, with its header's salt; None for others."""
    row = tx.execute(_SQL.unreceipted, {"packet_id": packet_id}).fetchone()
    return (_waiting(*row[:-1]), Header.from_bytes(bytes(row[-1])).salt) if row else None


class PgOutbox:
    """`OutboxStore` over `exchange.outbox`, whose packets lie in `exchange.packet`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def waiting(self, limit: int) -> list[Waiting]:
        """The packets to send, in the order they were queued."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.waiting, {"limit": limit}).fetchall()
        return [_waiting(*row) for row in rows]

    def acknowledged(self, packet_id: str, receipt: bytes) -> None:
        """Keep the verified receipt, unless there is one."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.acknowledge, {"packet_id": packet_id, "receipt": receipt})

    def failed(self, packet_id: str, code: str, reason: str) -> None:
        """Set the packet aside."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.set_aside, {"packet_id": packet_id, "code": code, "reason": reason})

    def set_aside(self) -> list[SetAside]:
        """The packets set aside, oldest first."""
        with self._pool.connection() as connection:
            return [
                SetAside(packet_id, _number(station, epoch, sequence), code, reason)
                for packet_id, station, epoch, sequence, code, reason in connection.execute(_SQL.list_set_aside)
            ]

    def retry(self, packet_id: str | None = None) -> int:
        """Let one packet, or all that were set aside, wait again."""
        with self._pool.connection() as tx:
            return tx.execute(_SQL.retry, {"packet_id": packet_id}).rowcount

    def unacknowledged(self, after: int, limit: int) -> list[tuple[int, str]]:
        """The ids to ask a roll call for, each with its place in the queue."""
        with self._pool.connection() as connection:
            return list(connection.execute(_SQL.unacknowledged, {"after": after, "limit": limit}))

    def rolled(self, held: Sequence[str], asked: Sequence[str], answer: bytes) -> int:
        """Keep a verified roll call and take what it holds off the list, in one transaction of two statements."""
        with self._pool.connection() as tx:
            row = {"asked": ids_to_bytes(asked), "answer": answer}
            ((roll,),) = tx.execute(_SQL.keep_roll, row).fetchall()
            return tx.execute(_SQL.acknowledge_rolled, {"roll": roll, "packet_ids": list(held)}).rowcount

    def roll_of(self, packet_id: str) -> tuple[list[str], bytes] | None:
        """The roll call that acknowledged a packet: the ids asked and the signed answer; None where a receipt did."""
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.roll_of, {"packet_id": packet_id}).fetchone()
        return (ids_from_bytes(bytes(row[0])), bytes(row[1])) if row else None

    def kept(self, after: str, limit: int) -> list[Waiting]:
        """Acknowledged packets whose backup is still here, by id."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.kept, {"after": after, "limit": limit}).fetchall()
        return [_waiting(*row) for row in rows]

    def receipt_of(self, packet_id: str) -> bytes | None:
        """The next place's receipt, if it gave one."""
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.receipt_of, {"packet_id": packet_id}).fetchone()
        return bytes(row[0]) if row else None

    def backlog(self) -> Backlog:
        """What is still to be delivered, for pages and metrics."""
        with self._pool.connection() as connection:
            count, oldest_s = connection.execute(_SQL.backlog).fetchall()[0]
        return Backlog(count, oldest_s)


def _waiting(
    packet_id: str, station: str, epoch: int, sequence: int, size: int, chain: bytes, since_ms: int
) -> Waiting:
    return Waiting(packet_id, _number(station, epoch, sequence), size, since_ms, chain_from_bytes(bytes(chain)))


def _number(station: str, epoch: int, sequence: int) -> str:
    return str(PacketNumber(StationId(station), epoch, sequence))
