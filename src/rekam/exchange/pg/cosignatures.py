"""The witnesses of the log in PostgreSQL: `PgCosignatureBook`."""

from rekam.exchange.cosignatures import Cosigned, Denied
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.certificates import chain_from_bytes, chain_to_bytes
from rekam.trust.log.note import Note

__all__ = ["PgCosignatureBook"]

_SQL = Queries.load("rekam.exchange.pg", "cosignatures.sql")


class PgCosignatureBook:
    """`CosignatureBook` in the schema `exchange`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def keep(self, cosigned: Cosigned) -> None:
        """See `CosignatureBook`."""
        row = {"office": cosigned.office, "name": cosigned.name, "size": cosigned.size, "at_s": cosigned.at_s}
        with self._pool.connection() as tx:
            tx.execute(_SQL.keep, row | {"note": str(cosigned.note), "chain": chain_to_bytes(cosigned.chain)})

    def deny(self, denied: Denied) -> None:
        """See `CosignatureBook`."""
        row = {"office": denied.office, "size": denied.size, "name": denied.name, "note": str(denied.note)}
        with self._pool.connection() as tx:
            tx.execute(_SQL.deny, row)

    def newest(self) -> list[Cosigned]:
        """See `CosignatureBook`."""
        with self._pool.connection() as tx:
            return [_cosigned(*row) for row in tx.execute(_SQL.newest)]

    def newest_of(self, office: str) -> Cosigned | None:
        """See `CosignatureBook`."""
        with self._pool.connection() as tx:
            row = tx.execute(_SQL.newest_of, {"office": office}).fetchone()
        return None if row is None else _cosigned(*row)

    def denied(self) -> list[Denied]:
        """See `CosignatureBook`."""
        with self._pool.connection() as tx:
            rows = tx.execute(_SQL.denied).fetchall()
        return [Denied(office, name, size, Note.parse(note)) for office, name, size, note in rows]


def _cosigned(office: str, name: str, size: int, at_s: int, note: str, chain: bytes) -> Cosigned:
    return Cosigned(office, name, size, at_s, Note.parse(note), chain_from_bytes(bytes(chain)))
