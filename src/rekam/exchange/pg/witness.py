"""What a witness keeps, in PostgreSQL: `PgWitnessStore`, `PgReceiptShelf`, and what pages ask of both."""

from dataclasses import dataclass
from datetime import datetime

from rekam.exchange.log_evidence import Breach, Evidence
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import Note

__all__ = ["Alarm", "PgReceiptShelf", "PgWitnessStore", "WitnessState"]

_SQL = Queries.load("rekam.exchange.pg", "witness.sql")


@dataclass(frozen=True)
class Alarm:
    """A breach as it was kept; `kept_size` is the size of the older checkpoint in the evidence."""

    number: int
    breach: Breach
    kept_size: int
    evidence: Evidence
    raised_at: datetime


@dataclass(frozen=True)
class WitnessState:
    """Checkpoints kept; size and time of the newest; the largest size cosigned and delivered, all None before the
    first; receipts that agree with the log, that deny it, that wait.
    """

    checkpoints: int
    size: int | None
    kept_at: datetime | None
    cosigned: int | None
    delivered: int | None
    agreed: int
    denied: int
    waiting: int


class PgWitnessStore:
    """`WitnessStore` in the schema `exchange`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def newest(self) -> Note | None:
        """See `WitnessStore`."""
        return self._note(_SQL.newest)

    def newest_up_to(self, size: int) -> Note | None:
        """The kept checkpoint of the largest size up to `size`."""
        with self._pool.connection() as tx:
            row = tx.execute(_SQL.newest_up_to, {"size": size}).fetchone()
        return None if row is None else Note.parse(row[0])

    def keep(self, note: Note) -> None:
        """See `WitnessStore`."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.keep, {"size": Checkpoint.parse(note.text).size, "note": str(note)})

    def cosigned(self) -> Note | None:
        """See `WitnessStore`."""
        return self._note(_SQL.cosigned)

    def keep_cosigned(self, note: Note) -> None:
        """See `WitnessStore`."""
        size = Checkpoint.parse(note.text).size
        with self._pool.connection() as tx:
            if not tx.execute(_SQL.keep_cosigned, {"size": size, "note": str(note), "text": note.text}).fetchall():
                raise ValueError(f"not a cosignature of the checkpoint of {size}")

    def delivered(self) -> int:
        """See `WitnessStore`."""
        with self._pool.connection() as tx:
            return int(tx.execute(_SQL.delivered).fetchall()[0][0])

    def note_delivered(self, size: int) -> None:
        """See `WitnessStore`."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.note_delivered, {"size": size})

    def raise_alarm(self, breach: Breach, evidence: Evidence) -> bool:
        """See `WitnessStore`."""
        size = Checkpoint.parse(evidence.kept.text).size
        row = {"breach": str(breach), "kept_size": size, "evidence": evidence.to_json()}
        with self._pool.connection() as tx:
            return bool(tx.execute(_SQL.raise_alarm, row).fetchall())

    def alarms(self) -> list[Alarm]:
        """Newest first."""
        with self._pool.connection() as tx:
            rows = tx.execute(_SQL.alarms).fetchall()
        return [Alarm(row[0], Breach(row[1]), row[2], Evidence.from_json(row[3]), row[4]) for row in rows]

    def state(self) -> WitnessState:
        """The figures of this moment."""
        with self._pool.connection() as tx:
            return WitnessState(*tx.execute(_SQL.state).fetchall()[0])

    def _note(self, query: str) -> Note | None:
        with self._pool.connection() as tx:
            row = tx.execute(query).fetchone()
        return None if row is None else Note.parse(row[0])


class PgReceiptShelf:
    """`ReceiptShelf` over the outbox to the centre, whose acknowledged rows hold the acceptances."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def uncompared(self, limit: int) -> list[tuple[str, bytes]]:
        """See `ReceiptShelf`."""
        with self._pool.connection() as tx:
            rows = tx.execute(_SQL.uncompared, {"limit": limit}).fetchall()
        return [(packet_id, bytes(receipt)) for packet_id, receipt in rows]

    def note_compared(self, packet_id: str, *, agrees: bool) -> None:
        """See `ReceiptShelf`."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.note_compared, {"packet_id": packet_id, "agrees": agrees})
