"""The station's copies of accepted packets, which go after their retention: `StationPurgeStore`."""

from collections.abc import Callable
from typing import Final

from rekam.enrolment.status import Status
from rekam.exchange.purging import Held
from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock

__all__ = ["StationPurgeStore"]

_HELD: Final = (
    "SELECT r.packet_id, r.number, r.size, r.salt, r.acceptance_receipt,"
    " o.packet_id IS NOT NULL, o.code IS NOT NULL,"
    " r.status = ? OR EXISTS (SELECT 1 FROM damage d WHERE d.blob_id = r.packet_id)"
    " FROM recording r LEFT JOIN outbox o USING (packet_id) WHERE r.packet_id = ?"
)


class StationPurgeStore:
    """`PurgeStore` over the recordings. Recording, receipts, salt and templates stay, so that proof, check and search
    go on as before.
    """

    def __init__(self, store: StationStore, legal: LegalClock) -> None:
        self._store = store
        self._legal = legal

    def accepted(self, after: int, limit: int) -> list[tuple[int, str]]:
        rows = self._store.rows(
            "SELECT rowid, packet_id FROM recording"
            " WHERE rowid > ? AND acceptance_receipt IS NOT NULL AND going_at IS NULL ORDER BY rowid LIMIT ?",
            (after, limit),
        )
        return [(int(position), str(packet_id)) for position, packet_id in rows]

    def going(self) -> list[str]:
        rows = self._store.rows(
            "SELECT packet_id FROM recording WHERE going_at IS NOT NULL AND gone_at IS NULL ORDER BY sequence"
        )
        return [str(packet_id) for (packet_id,) in rows]

    def let_go(self, packet_id: str, may_go: Callable[[Held], bool]) -> bool:
        with self._store.tx() as tx:
            row = tx.execute(_HELD, (Status.QUARANTINED, packet_id)).fetchone()
            answer = row is not None and may_go(Held(*row[:5], *map(bool, row[5:])))
            going_at = self._now() if answer else None
            tx.execute(
                "UPDATE recording SET going_at = ? WHERE packet_id = ? AND gone_at IS NULL", (going_at, packet_id)
            )
        return answer

    def gone(self, packet_id: str) -> None:
        with self._store.tx() as tx:
            tx.execute(
                "UPDATE recording SET gone_at = ? WHERE packet_id = ? AND gone_at IS NULL", (self._now(), packet_id)
            )

    def _now(self) -> str:
        return self._legal.now().at.isoformat(timespec="seconds")
