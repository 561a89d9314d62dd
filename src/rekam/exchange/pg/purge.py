"""The copies that an office may let go, in PostgreSQL: `PgPurgeStore`."""

from collections.abc import Callable

from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.pg.register import Transaction
from rekam.exchange.purging import Held
from rekam.packet.header import Header
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries

__all__ = ["PgPurgeStore"]

_SQL = Queries.load("rekam.exchange.pg", "purge.sql")


class PgPurgeStore:
    """`PurgeStore` over `exchange.packet` and its outbox. `quarantined(tx, packet_id)` is the place's own word."""

    def __init__(self, pool: Pool, quarantined: Callable[[Transaction, str], bool] = lambda _tx, _id: False) -> None:
        self._pool = pool
        self._quarantined = quarantined

    def accepted(self, after: int, limit: int) -> list[tuple[int, str]]:
        """Kept copies with an acceptance, in the order they arrived."""
        with self._pool.connection() as connection:
            return list(connection.execute(_SQL.accepted, {"after": after, "limit": limit}).fetchall())

    def going(self) -> list[str]:
        """Let go, and not yet noted as gone."""
        with self._pool.connection() as connection:
            return [packet_id for (packet_id,) in connection.execute(_SQL.going)]

    def let_go(self, packet_id: str, may_go: Callable[[Held], bool]) -> bool:
        """Ask and note the answer, in one transaction."""
        with self._pool.connection() as tx:
            held = self._held(tx, packet_id)
            answer = held is not None and may_go(held)
            tx.execute(_SQL.go if answer else _SQL.stay, {"packet_id": packet_id})
        return answer

    def gone(self, packet_id: str) -> None:
        """The copy is gone from the medium."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.gone, {"packet_id": packet_id})

    def _held(self, tx: Transaction, packet_id: str) -> Held | None:
        row = tx.execute(_SQL.held, {"packet_id": packet_id}).fetchone()
        if row is None:
            return None
        _, station, epoch, sequence, size, header, receipt, aside, damaged = row
        return Held(
            packet_id,
            str(PacketNumber(StationId(station), epoch, sequence)),
            size,
            Header.from_bytes(bytes(header)).salt,
            bytes(receipt) if receipt is not None else None,
            to_send=receipt is None,
            set_aside=aside,
            quarantined=damaged or self._quarantined(tx, packet_id),
        )
