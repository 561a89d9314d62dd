"""Connections to PostgreSQL: a pool that says clearly when there is no database."""

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from rekam.storage.errors import MissingDatabase

__all__ = ["Pool", "answers", "connect_pool"]

Pool = ConnectionPool[psycopg.Connection[TupleRow]]


def connect_pool(dsn: str, *, max_size: int = 10, timeout_s: float = 10.0) -> Pool:
    """An open pool on `dsn`; raises `MissingDatabase` when no connection comes about within `timeout_s` seconds.

    `with pool.connection() as connection:` is one transaction: committed at the end, rolled back on an error.
    Connections are checked before use, so a restarted server costs a reconnect and not an error.
    """
    try:
        psycopg.connect(dsn, connect_timeout=max(2, int(timeout_s))).close()
    except psycopg.Error as error:
        raise MissingDatabase(reason=" ".join(str(error).split())) from error
    pool = ConnectionPool(
        dsn, min_size=1, max_size=max_size, timeout=timeout_s, open=False, check=ConnectionPool.check_connection
    )
    try:
        pool.open(wait=True, timeout=timeout_s)
    except PoolTimeout as error:
        pool.close()
        raise MissingDatabase(reason=str(error)) from error
    return pool


def answers(pool: Pool) -> bool:
    """Whether the database is there just now: a health probe."""
    try:
        with pool.connection() as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except (psycopg.OperationalError, PoolTimeout):
        return False
