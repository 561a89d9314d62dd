"""Stations' words on people's keys that ended, at their office, and its statement of each to the centre: `KeyEnds`."""

from collections.abc import Sequence
from typing import Final

from rekam.enrolment.identifiers import OfficeId
from rekam.exchange.admission import FenceOf
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.key_end import KeyEndUnproved, read_key_end
from rekam.exchange.key_ended import KEY_ENDED, KeyEnded
from rekam.exchange.pg.statements import put_statement
from rekam.exchange.statements import Statement, state
from rekam.office.legal_time import LegalDates
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["KeyEnds"]

_SQL: Final = Queries.load("rekam.office", "key_ends.sql")


class KeyEnds:
    """Word and statement are one transaction, once for each key of a station."""

    def __init__(
        self,
        pool: Pool,
        office: OfficeId,
        key: SigningKey,
        chain: Sequence[bytes],
        root: VerifyKey,
        fence_of: FenceOf,
        dates: LegalDates,
    ) -> None:
        self._pool = pool
        self._office = office
        self._key = key
        self._chain = tuple(chain)
        self._root = root
        self._fence_of = fence_of
        self._dates = dates

    def take(self, word: bytes, station: str) -> None:
        """A word that `station` brought, perhaps again. Raises `KeyEndUnproved`, `SenderRevoked`."""
        signed = read_key_end(word, self._chain, self._root)
        end, whose = signed.end, signed.whose
        if end.station != station:
            raise KeyEndUnproved(reason=f"brought by {station}")
        fence = self._fence_of(end.station, end.epoch)
        if fence is not None:
            raise SenderRevoked(station=end.station, epoch=end.epoch, first=fence.after + 1)
        key = whose.signing.key_id.hex()
        said = KeyEnded(
            end.station, end.epoch, key, whose.subject, whose.name, whose.kind, end.why, end.after, end.head.hex()
        )
        at_ms = round(self._dates.now().at.timestamp() * 1000)
        statement = Statement(KEY_ENDED, str(self._office), at_ms, said.to_body())
        with self._pool.connection() as tx:
            if tx.execute(_SQL.put, {**said.to_body(), "word": word}).rowcount:
                put_statement(tx, statement, state(statement, self._key, self._chain))

    def after(self, key: str) -> int | None:
        """The last recording that the key (id, hex) could confirm, None while no station said that it ended."""
        with self._pool.connection() as connection:
            row = connection.execute(_SQL.of_key, {"key": key}).fetchone()
        return int(row[0]) if row else None

    def left(self, station: str) -> frozenset[str]:
        """Subjects who no longer work at a station, by its own word."""
        with self._pool.connection() as connection:
            return frozenset(row[0] for row in connection.execute(_SQL.left, {"station": station}))
