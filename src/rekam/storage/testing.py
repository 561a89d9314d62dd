"""PostgreSQL for tests: one throw-away cluster per process, a fresh database per test from a migrated template."""

import atexit
import fcntl
import functools
import hashlib
import itertools
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from rekam.storage.migrations import MigrationSet, migrate_postgres
from rekam.storage.pool import Pool, connect_pool
from rekam.storage.postgres import EmbeddedPostgres, UnsafeFast

__all__ = ["fresh_database", "fresh_pool", "throwaway_cluster"]

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it, as in any temporary folder
"""Linux's folder in memory. A database is seven hundred files: made on a disk, copying one takes five times as much."""
ROOM_BYTES: Final = 2 * 2**30
_NAME: Final = "rekam-test-pg-"
_SMALL: Final = {**UnsafeFast, "max_wal_size": "64MB"}
"""What is written ahead would otherwise take a gigabyte of that memory."""
_FORGOTTEN_S: Final = 60.0
_serial = itertools.count(1)


@functools.cache
def throwaway_cluster() -> EmbeddedPostgres:
    """The cluster that all tests of this process share; it and its folder go when the process ends."""
    parent = _in_memory()
    if parent is not None:
        clear_forgotten(parent)
    folder = Path(tempfile.mkdtemp(prefix=_NAME, dir=parent))
    cluster = EmbeddedPostgres(folder, durability=_SMALL).start()

    def clear() -> None:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clear)
    return cluster


def _in_memory() -> Path | None:
    """None where there is no such folder, or no room in it: then the usual one for temporary files serves."""
    try:
        return MEMORY if shutil.disk_usage(MEMORY).free >= ROOM_BYTES else None
    except OSError:
        return None


def clear_forgotten(parent: Path) -> None:
    """Removes clusters whose process was killed before it could: in memory they would stay until the machine rests."""
    for lock in parent.glob(f"{_NAME}*/owner.lock"):
        try:
            with lock.open("a") as held:
                # whoever starts a cluster makes this file and locks it at once
                if time.time() - lock.stat().st_mtime > _FORGOTTEN_S:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:  # it is somebody's, or gone
            continue


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
