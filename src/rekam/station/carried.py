"""Packets of the station's earlier installations that only their bytes are known of: `CarriedOutbox`.

They were found on an old disk or a stick, sealed with a key that is gone. Nobody here can open them, and nobody needs
to: they go to the office as they are, with the certificates of the installation that sealed them.
"""

import json
from collections.abc import Sequence

from rekam.exchange.outbox import SetAside, Waiting
from rekam.exchange.recovery_account import Found
from rekam.station.store import StationStore
from rekam.trust.certificates import chain_from_bytes, chain_to_bytes
from rekam.trust.roll_call import ids_to_bytes

__all__ = ["CarriedOutbox", "Earlier"]

Chain = tuple[bytes, ...]


class Earlier:
    """The certificates of earlier installations, and the office's list of what it holds of them."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def put(self, epoch: int, chain: Chain, recordings: list[tuple[str, str, str, str]]) -> None:
        """Note an installation: its certificates, and (packet id, number, status, at) of each recording known."""
        with self._store.tx() as tx:
            tx.execute("INSERT OR IGNORE INTO earlier_epoch VALUES (?, ?)", (epoch, chain_to_bytes(chain)))
            tx.executemany("INSERT OR REPLACE INTO earlier_recording VALUES (?, ?, ?, ?)", recordings)

    def chains(self) -> dict[int, Chain]:
        """By epoch."""
        rows = self._store.rows("SELECT epoch, chain FROM earlier_epoch")
        return {epoch: chain_from_bytes(chain) for epoch, chain in rows}

    def recordings(self) -> list[tuple[str, str, str, str]]:
        """What the office holds: (packet id, number, status, at), in the order of their numbers."""
        rows = self._store.rows("SELECT packet_id, number, status, at FROM earlier_recording ORDER BY number")
        return [(str(one[0]), str(one[1]), str(one[2]), str(one[3])) for one in rows]


class CarriedOutbox:
    """`OutboxStore` of what was carried over."""

    def __init__(self, store: StationStore) -> None:
        self._store = store
        self._earlier = Earlier(store)

    def take(
        self, packet_id: str, number: str, epoch: int, sequence: int, size: int, *, source: str, now_ms: int
    ) -> None:
        """Queue a packet whose file lies here; finding it again changes nothing."""
        with self._store.tx() as tx:
            tx.execute(
                "INSERT OR IGNORE INTO carried (packet_id, number, epoch, sequence, size, source, since_ms)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (packet_id, number, epoch, sequence, size, source, now_ms),
            )

    def found(self, epoch: int) -> Found:
        """What was found of one earlier installation, by where."""
        rows = self._store.rows(
            "SELECT sequence, packet_id, source FROM carried WHERE epoch = ? ORDER BY sequence, position", (epoch,)
        )
        by_source = {
            source: tuple((int(n), str(packet_id)) for n, packet_id, where in rows if where == source)
            for source in ("disk", "usb")
        }
        return Found(**by_source)

    def unsent(self) -> int:
        """How many the office has not confirmed."""
        return int(self._store.rows("SELECT count(*) FROM carried WHERE receipt IS NULL AND roll IS NULL")[0][0])

    def waiting(self, limit: int) -> list[Waiting]:
        """See `OutboxStore`."""
        chains = self._earlier.chains()
        rows = self._store.rows(
            "SELECT packet_id, number, size, since_ms, epoch FROM carried"
            " WHERE receipt IS NULL AND roll IS NULL AND code IS NULL ORDER BY epoch, sequence, position LIMIT ?",
            (limit,),
        )
        return [Waiting(one, number, size, since_ms, chains[epoch]) for one, number, size, since_ms, epoch in rows]

    def acknowledged(self, packet_id: str, receipt: bytes) -> None:
        """See `OutboxStore`."""
        with self._store.tx() as tx:
            tx.execute(
                "UPDATE carried SET receipt = ?, code = NULL, reason = NULL WHERE packet_id = ? AND receipt IS NULL",
                (receipt, packet_id),
            )

    def unacknowledged(self, after: int, limit: int) -> list[tuple[int, str]]:
        """See `OutboxStore`."""
        rows = self._store.rows(
            "SELECT position, packet_id FROM carried"
            " WHERE receipt IS NULL AND roll IS NULL AND position > ? ORDER BY position LIMIT ?",
            (after, limit),
        )
        return [(int(position), str(packet_id)) for position, packet_id in rows]

    def rolled(self, held: Sequence[str], asked: Sequence[str], answer: bytes) -> int:
        """See `OutboxStore`."""
        with self._store.tx() as tx:
            tx.execute("INSERT INTO roll_call (asked, answer) VALUES (?, ?)", (ids_to_bytes(asked), answer))
            tx.execute(
                "UPDATE carried SET roll = ?, code = NULL, reason = NULL"
                " WHERE packet_id IN (SELECT value FROM json_each(?)) AND receipt IS NULL AND roll IS NULL",
                (tx.last_insert_rowid(), json.dumps(list(held))),
            )
            return int(tx.changes())

    def kept(self, after: str, limit: int) -> list[Waiting]:
        """See `OutboxStore`."""
        rows = self._store.rows(
            "SELECT packet_id, number, size, epoch FROM carried"
            " WHERE packet_id > ? AND (receipt IS NOT NULL OR roll IS NOT NULL) ORDER BY packet_id LIMIT ?",
            (after, limit),
        )
        chains = self._earlier.chains()
        return [Waiting(one, number, size, 0, chains[epoch]) for one, number, size, epoch in rows]

    def failed(self, packet_id: str, code: str, reason: str) -> None:
        """See `OutboxStore`."""
        with self._store.tx() as tx:
            tx.execute(
                "UPDATE carried SET code = ?, reason = ? WHERE packet_id = ? AND receipt IS NULL AND roll IS NULL",
                (code, reason, packet_id),
            )

    def set_aside(self) -> list[SetAside]:
        """See `OutboxStore`."""
        rows = self._store.rows(
            "SELECT packet_id, number, code, reason FROM carried WHERE code IS NOT NULL ORDER BY position"
        )
        return [SetAside(*row) for row in rows]

    def retry(self, packet_id: str | None = None) -> int:
        """See `OutboxStore`."""
        with self._store.tx() as tx:
            tx.execute(
                "UPDATE carried SET code = NULL, reason = NULL"
                " WHERE code IS NOT NULL AND (?1 IS NULL OR packet_id = ?1)",
                (packet_id,),
            )
            return int(tx.changes())
