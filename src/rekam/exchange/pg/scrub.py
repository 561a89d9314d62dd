"""Where the reading of stored packets stands, in PostgreSQL: `PgScrubBook`, and which packets must lie here: `held`."""

from collections.abc import Sequence
from functools import partial

from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.storage.scrub import Damage, Held

__all__ = ["PgScrubBook", "held_by"]

_SQL = Queries.load("rekam.exchange.pg", "scrub.sql")


class PgScrubBook:
    """`ScrubBook` in the schema `exchange`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def position(self) -> str:
        """See `ScrubBook`."""
        return self._state()[0]

    def passes(self) -> int:
        """See `ScrubBook`."""
        return self._state()[1]

    def note(self, position: str, sound: Sequence[str], damaged: Sequence[Damage], *, finished: bool) -> None:
        """See `ScrubBook`."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.sound, {"blob_ids": list(sound)})
            for each in damaged:
                tx.execute(_SQL.found_damaged, {"blob_id": each.blob_id, "code": each.code})
            tx.execute(_SQL.move_on, {"position": position, "finished": finished})

    def damaged(self) -> list[Damage]:
        """See `ScrubBook`."""
        with self._pool.connection() as connection:
            return [Damage(*row) for row in connection.execute(_SQL.damaged)]

    def restored(self, blob_id: str) -> None:
        """See `ScrubBook`."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.sound, {"blob_ids": [blob_id]})

    def _state(self) -> tuple[str, int]:
        with self._pool.connection() as connection:
            position, passes = connection.execute(_SQL.position).fetchall()[0]
        return position, passes


def held_by(pool: Pool) -> Held:
    """The packets recorded in `pool`'s database, for a `Scrubber`."""
    return partial(_held, pool)


def _held(pool: Pool, after: str, limit: int) -> list[str]:
    with pool.connection() as connection:
        return [row[0] for row in connection.execute(_SQL.held, {"after": after, "limit": limit})]
