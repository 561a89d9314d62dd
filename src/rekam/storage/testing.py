"""PostgreSQL for tests: one throw-away cluster per process, a fresh database per test from a migrated template."""

import atexit
import functools
import hashlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from rekam.storage.migrations import MigrationSet, migrate_postgres
from rekam.storage.pool import Pool, connect_pool
from rekam.storage.postgres import EmbeddedPostgres, UnsafeFast

__all__ = ["fresh_database", "fresh_pool", "throwaway_cluster"]

_serial = itertools.count(1)


@functools.cache
def throwaway_cluster() -> EmbeddedPostgres:
    """The cluster that all tests of this process share; it and its folder go when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="rekam-test-pg-"))
    cluster = EmbeddedPostgres(folder, durability=UnsafeFast).start()

    def clear() -> None:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clear)
    return cluster


@contextmanager
def fresh_database(*families: MigrationSet) -> Iterator[str]:
    """The connection string of a new database that holds the tables of `families`; dropped at the end.

    Use it in a fixture: `with fresh_database(MigrationSet.load("rekam.centre")) as dsn: yield dsn`. The migrations
    run once per process and set; each test gets a copy (some 20 ms).
    """
    cluster = throwaway_cluster()
    name = f"test_{next(_serial)}"
    dsn = cluster.ensure_database(name, template=_template(families))
    try:
        yield dsn
    finally:
        cluster.drop_database(name)


@contextmanager
def fresh_pool(*families: MigrationSet, max_size: int = 10) -> Iterator[Pool]:
    """A pool on a database of its own, as `fresh_database` makes it."""
    with fresh_database(*families) as dsn:
        pool = connect_pool(dsn, max_size=max_size)
        try:
            yield pool
        finally:
            pool.close()


@functools.cache
def _template(families: tuple[MigrationSet, ...]) -> str:
    mark = hashlib.sha256("".join(step.sha256 for family in families for step in family.steps).encode())
    name = f"template_{mark.hexdigest()[:16]}"
    with psycopg.connect(throwaway_cluster().ensure_database(name)) as connection:
        migrate_postgres(connection, *families)
    return name
