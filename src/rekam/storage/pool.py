"""Connections to PostgreSQL: a pool that says clearly when there is no database."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from rekam.storage.errors import MissingDatabase

__all__ = ["Pool", "answers", "asking", "connect_pool"]

Pool = ConnectionPool[psycopg.Connection[TupleRow]]

_RESTED_S: Final = 1.0
"""Seconds after which a connection is asked whether its server is still there. A server that ends closes its sockets,
which is seen without asking; one whose machine lost its power does not.
"""


def connect_pool(dsn: str, *, max_size: int = 10, timeout_s: float = 10.0) -> Pool:
    """An open pool on `dsn`; raises `MissingDatabase` when no connection comes about within `timeout_s` seconds.

    `with pool.connection() as connection:` is one transaction: committed at the end, rolled back on an error.
    Connections are looked at before use, so a restarted server costs a reconnect and not an error.
    """
    try:
        psycopg.connect(dsn, connect_timeout=max(2, int(timeout_s))).close()
    except psycopg.Error as error:
        raise MissingDatabase(reason=" ".join(str(error).split())) from error
    pool = ConnectionPool(dsn, min_size=1, max_size=max_size, timeout=timeout_s, open=False, check=_StillThere())
    try:
        pool.open(wait=True, timeout=timeout_s)
    except PoolTimeout as error:
        pool.close()
        raise MissingDatabase(reason=str(error)) from error
    return pool


class _StillThere:
    """Raises unless the connection may be handed out. Most are, without a word to the server: a question costs more
    than many a statement.
    """

    def __init__(self) -> None:
        self._handed_out: WeakKeyDictionary[psycopg.Connection[TupleRow], float] = WeakKeyDictionary()

    def __call__(self, connection: psycopg.Connection[TupleRow]) -> None:
        now = time.monotonic()
        rested = now - self._handed_out.get(connection, 0.0) > _RESTED_S
        if rested or _something_to_read(connection.fileno()):
            ConnectionPool.check_connection(connection)
        self._handed_out[connection] = now


def _something_to_read(handle: int) -> bool:
    """Nobody waits for anything on a connection at rest: what there is to read is its end, or a notice."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(0))


@contextmanager
def asking(pool: Pool) -> Iterator[psycopg.Connection[TupleRow]]:
    """A connection for questions, each statement a transaction of its own: one way there and back in place of three."""
    with pool.connection() as connection:
        connection.autocommit = True
        try:
            yield connection
        finally:
            with suppress(psycopg.Error):  # it broke, and its pool lets it go
                connection.autocommit = False


def answers(pool: Pool) -> bool:
    """Whether the database is there just now: a health probe."""
    try:
        with pool.connection() as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except (psycopg.OperationalError, PoolTimeout):
        return False
