"""The station's outbox over its own store: `StationOutbox` (port `exchange.outbox.OutboxStore`)."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.status import Status
from rekam.exchange.outbox import SetAside, Waiting
from rekam.station.carried import Earlier
from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock
from rekam.trust.roll_call import ids_to_bytes

__all__ = ["StationOutbox"]


class StationOutbox:
    """What is recorded and has no custody receipt yet. The receipt moves into the recording in the transaction
    that takes the packet off the outbox; `confirmed` is told after it.
    """

    def __init__(self, store: StationStore, legal: LegalClock, confirmed: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._legal = legal
        self._confirmed = confirmed

    def waiting(self, limit: int) -> list[Waiting]:
        rows = self._store.rows(
            "SELECT packet_id, number, size, since_ms FROM outbox JOIN recording USING (packet_id)"
            " WHERE code IS NULL ORDER BY position LIMIT ?",
            (limit,),
        )
        return self._with_chains(rows)

    def acknowledged(self, packet_id: str, receipt: bytes) -> None:
        at = self._legal.now().at.isoformat(timespec="seconds")
        with self._store.tx() as tx:
            tx.execute(
                "UPDATE recording SET custody_receipt = ?, custody_at = coalesce(custody_at, ?)"
                " WHERE packet_id = ? AND custody_receipt IS NULL",
                (receipt, at, packet_id),
            )
            tx.execute(
                "UPDATE recording SET status = ?, status_at = ? WHERE packet_id = ? AND status = ?",
                (Status.SENT_FOR_ENROLLMENT, at, packet_id, Status.PROCESSING),
            )
            tx.execute("DELETE FROM outbox WHERE packet_id = ?", (packet_id,))
        self._confirmed()

    def unacknowledged(self, after: int, limit: int) -> list[tuple[int, str]]:
        return [
            (place, packet_id)
            for place, packet_id in self._store.rows(
                "SELECT position, packet_id FROM outbox WHERE position > ? ORDER BY position LIMIT ?", (after, limit)
            )
        ]

    def rolled(self, held: Sequence[str], asked: Sequence[str], answer: bytes) -> int:
        at = self._legal.now().at.isoformat(timespec="seconds")
        chosen = json.dumps(list(held))
        with self._store.tx() as tx:
            tx.execute("INSERT INTO roll_call (asked, answer) VALUES (?, ?)", (ids_to_bytes(asked), answer))
            roll = tx.last_insert_rowid()
            tx.execute(
                "UPDATE recording SET custody_roll = ?, custody_at = coalesce(custody_at, ?)"
                " WHERE packet_id IN (SELECT value FROM json_each(?)) AND custody_roll IS NULL",
                (roll, at, chosen),
            )
            tx.execute(
                "UPDATE recording SET status = ?, status_at = ?"
                " WHERE packet_id IN (SELECT value FROM json_each(?)) AND status = ?",
                (Status.SENT_FOR_ENROLLMENT, at, chosen, Status.PROCESSING),
            )
            tx.execute("DELETE FROM outbox WHERE packet_id IN (SELECT value FROM json_each(?))", (chosen,))
            taken_off = int(tx.changes())
        self._confirmed()
        return taken_off

    def failed(self, packet_id: str, code: str, reason: str) -> None:
        with self._store.tx() as tx:
            tx.execute("UPDATE outbox SET code = ?, reason = ? WHERE packet_id = ?", (code, reason, packet_id))

    def set_aside(self) -> list[SetAside]:
        rows = self._store.rows(
            "SELECT packet_id, r.number, o.code, o.reason FROM outbox o JOIN recording r USING (packet_id)"
            " WHERE o.code IS NOT NULL ORDER BY position"
        )
        return [SetAside(*row) for row in rows]

    def kept(self, after: str, limit: int) -> list[Waiting]:
        rows = self._store.rows(
            "SELECT packet_id, number, size, 0 FROM recording WHERE packet_id > ? AND going_at IS NULL"
            " AND packet_id NOT IN (SELECT packet_id FROM outbox) ORDER BY packet_id LIMIT ?",
            (after, limit),
        )
        return self._with_chains(rows)

    def _with_chains(self, rows: Iterable[tuple[Any, ...]]) -> list[Waiting]:
        """Each with the certificates of the installation that sealed it."""
        identity = self._store.identity()
        chains = Earlier(self._store).chains() | {identity.epoch: identity.chain}
        return [
            Waiting(packet_id, number, size, since_ms, chains[PacketNumber.parse(number).epoch])
            for packet_id, number, size, since_ms in rows
        ]

    def retry(self, packet_id: str | None = None) -> int:
        with self._store.tx() as tx:
            tx.execute(
                "UPDATE outbox SET code = NULL, reason = NULL"
                " WHERE code IS NOT NULL AND (?1 IS NULL OR packet_id = ?1)",
                (packet_id,),
            )
            return int(tx.changes())

    def unsent(self) -> tuple[int, int | None]:
        """How many recordings the office has not confirmed, and since when the oldest waits (wall ms, for showing)."""
        row = self._store.row("SELECT count(*), min(since_ms) FROM outbox")
        return (int(row[0]), row[1]) if row else (0, None)

    def unsent_bytes(self) -> tuple[int, int]:
        """Bytes still to be sent, and how many recordings are set aside and not among them."""
        row = self._store.row(
            "SELECT sum(CASE WHEN code IS NULL THEN size END), count(code) FROM outbox JOIN recording USING (packet_id)"
        )
        return (int(row[0] or 0), int(row[1])) if row else (0, 0)
