"""Keys of people at stations that ended, and the recordings that they confirmed all the same: `EndedKeys`.

A key is cut at a place in its station's chain of packets, never at a time. What was confirmed before is accepted
whenever it comes; what lies beyond is taken in and receipted, and waits for a person's verdict, whichever came first,
the recording or the word (docs/adr/0051).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from rekam.centre.fencing import NotItsStation
from rekam.centre.results import FeedAppender
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.feed import EntryKind, office_feed
from rekam.exchange.fence import Fence, Standing
from rekam.exchange.key_ended import ConfirmedAfterEnd, KeyEnded
from rekam.exchange.pg.cuts import standing_at
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.register import Transaction
from rekam.exchange.statements import Statement
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust import cbor

__all__ = ["EndedKeys", "HeardEnd", "Withhold", "why_confirmed"]

_SQL: Final = Queries.load("rekam.centre", "key_ends.sql")
Withhold = Callable[[Transaction, str, RekamError], None]
"""Takes a case out of the stages, or out of another human queue, into quarantine with its reason."""


@dataclass(frozen=True)
class HeardEnd:
    """A word on a key, for the page: `waiting` recordings wait for a verdict because of it."""

    end: KeyEnded
    office: str
    heard_at: datetime
    waiting: int


class EndedKeys:
    """Told of every recording that was confirmed, and of every key that ended."""

    def __init__(self, pool: Pool, fences: PgFences, withhold: Withhold, feed: FeedAppender) -> None:
        self._pool = pool
        self._fences = fences
        self._withhold = withhold
        self._feed = feed

    def confirmed(self, tx: Transaction, packet_id: str, keys: Sequence[str]) -> None:
        """In the transaction that passes the stage of attestations: these keys (ids in hex, and
        `every_key_of` their owners) confirmed the packet.
        """
        station, epoch, sequence = tx.execute(_SQL.place_of, {"packet_id": packet_id}).fetchall()[0]
        for key in sorted(keys):
            tx.execute(_SQL.lock_shared, {"key": key})
        tx.execute(_SQL.note, {"packet_id": packet_id, "keys": sorted(keys)})
        for key in sorted(keys):
            end = self._of(tx, station, key)
            if end is not None and _is_beyond(tx, end, packet_id, epoch, sequence):
                self._set_aside(tx, end, packet_id, epoch, sequence)
                return

    def heard(self, tx: Transaction, statement: Statement) -> None:
        """The effect of a "key-ended": only the station's own office may say it; the first word on a key stands,
        of somebody who was stopped the earliest cut. Raises `NotItsStation`, `KeyEndedUnreadable`.
        """
        end = KeyEnded.from_body(statement.body)
        if StationId(end.station).office != statement.office:
            raise NotItsStation(station=end.station, office=statement.office)
        tx.execute(_SQL.lock, {"key": end.key})
        said_at = datetime.fromtimestamp(statement.at_ms / 1000, UTC)
        row = end.to_body() | {"office": statement.office, "said_at": said_at}
        if not tx.execute(_SQL.put, row).rowcount:
            return
        for packet_id, epoch, sequence in tx.execute(_SQL.doubtful, row).fetchall():
            if _is_beyond(tx, end, packet_id, epoch, sequence):
                self._set_aside(tx, end, packet_id, epoch, sequence)

    def listed(self, limit: int = 200) -> list[HeardEnd]:
        """The newest word first."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.listed, {"limit": limit}).fetchall()
        return [HeardEnd(KeyEnded(*row[:9]), *row[9:]) for row in rows]

    def why(self, packet_id: str) -> KeyEnded | None:
        """The end of a key that keeps a packet waiting, None for a packet that no ended key confirmed."""
        with self._pool.connection() as tx:
            row = tx.execute(_SQL.confirmed_by, {"packet_id": packet_id}).fetchone()
            if row is None:
                return None
            ends = [end for key in row[1] or () if (end := self._of(tx, row[0], key)) is not None]
            _, epoch, sequence = tx.execute(_SQL.place_of, {"packet_id": packet_id}).fetchall()[0]
            return next((end for end in ends if _is_beyond(tx, end, packet_id, epoch, sequence)), None)

    def _set_aside(self, tx: Transaction, end: KeyEnded, packet_id: str, epoch: int, sequence: int) -> None:
        if self._fences.withhold(tx, packet_id, Standing.KEY_ENDED):
            return  # people decided before
        number = str(PacketNumber(StationId(end.station), epoch, sequence))
        self._withhold(tx, packet_id, why_confirmed(end, number))
        body = {"packet_id": packet_id, "number": number, "standing": str(Standing.KEY_ENDED)}
        self._feed.append(tx, office_feed(StationId(end.station).office), EntryKind.WITHHELD, cbor.encode(body))

    @staticmethod
    def _of(tx: Transaction, station: str, key: str) -> KeyEnded | None:
        row = tx.execute(_SQL.of_key, {"station": station, "key": key}).fetchone()
        return KeyEnded(*row) if row else None


def why_confirmed(end: KeyEnded, number: str) -> ConfirmedAfterEnd:
    """In words for those who decide."""
    return ConfirmedAfterEnd(number=number, name=end.name, after=end.after, station=end.station)


def _is_beyond(tx: Transaction, end: KeyEnded, packet_id: str, epoch: int, sequence: int) -> bool:
    """Whether the packet lies after the cut, or beside the chain that leads up to it."""
    if epoch != end.epoch:
        return epoch > end.epoch
    cut = Fence(end.station, end.epoch, end.after, end.head, 0, "")
    return standing_at(tx, cut, packet_id, sequence) in {Standing.BEYOND, Standing.OFF_CHAIN}
