"""The generations of this centre's database: `Generations`."""

from typing import Any, Final, Literal

from psycopg import Connection

from rekam.exchange.generation import Generation
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.random import Random, SystemRandom

__all__ = ["QUERIES", "Generations"]

QUERIES: Final = Queries.load("rekam.centre.twin", "twin.sql")

_HUNDRED: Final = 100


class Generations:
    """Reads and begins generations; the newest row is this database's."""

    def __init__(self, pool: Pool, random: Random | None = None) -> None:
        self._pool = pool
        self._random = random or SystemRandom()

    def current(self) -> Generation | None:
        """None before the first start."""
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.generation).fetchone()
        return Generation(*row) if row else None

    def newest(self) -> Generation:
        """As `current`, of a database that has one."""
        with self._pool.connection() as connection:
            return Generation(*connection.execute(QUERIES.generation).fetchall()[0])

    def founded(self) -> Generation:
        """The newest, or the first one where there is none yet."""
        with self._pool.connection() as tx:
            tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('rekam generation', 0))")
            row = tx.execute(QUERIES.generation).fetchone()
            return Generation(*row) if row else self._begin(tx, 1, "founded", "")

    def begin(self, tx: Connection[Any], how: Literal["promoted", "restored"], because: str) -> Generation:
        """The next one, in the caller's transaction. A restored centre begins the next full hundred: take-overs that
        its backup does not know have used the numbers between, and offices believe no number twice.
        """
        row = tx.execute(QUERIES.generation).fetchone()
        newest = int(row[0]) if row else 0
        number = (newest // _HUNDRED + 1) * _HUNDRED if how == "restored" else newest + 1
        return self._begin(tx, number, how, because)

    def _begin(self, tx: Connection[Any], number: int, how: str, because: str) -> Generation:
        branch = self._random.bytes(16).hex()
        tx.execute(QUERIES.begin_generation, {"number": number, "branch": branch, "how": how, "because": because})
        return Generation(*tx.execute(QUERIES.generation).fetchall()[0])
