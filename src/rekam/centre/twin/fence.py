"""A centre that another has taken over from, for good: `Fence`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from rekam.enrolment.errors import RekamError
from rekam.exchange.generation import Generation
from rekam.storage.whole_file import write_whole

__all__ = ["Fence", "Superseded"]


class Superseded(RekamError):
    """This centre was taken over from: generation {newest} is the centre now. Nothing is served or written here any
    more, and everything acknowledged is there. Make this folder the new centre's twin with rekam centre twin.
    """


class Fence:
    """The mark in the centre's folder, and the database that takes no more writes. A fence is never taken down; a
    folder becomes a twin's by being copied anew.
    """

    def __init__(self, folder: Path) -> None:
        self._mark = folder / "fenced.json"
        self._own = folder / "generation.json"

    @property
    def up(self) -> bool:
        return self._mark.exists()

    def require_down(self) -> None:
        """Raises `Superseded`."""
        if self.up:
            raise Superseded(newest=json.loads(self._mark.read_text())["generation"])

    @contextmanager
    def told(self) -> Iterator[None]:
        """Whatever ends the block, an interrupt too: where a fence is up by then, that is why. Raises `Superseded`."""
        self.require_down()
        try:
            yield
        finally:
            self.require_down()

    def serves_as(self, generation: Generation) -> None:
        """Notes which generation this folder's centre is, for the day when it is a twin's."""
        write_whole(self._own, json.dumps({"generation": generation.number}).encode())

    def older_than(self, newest: int) -> bool:
        """Whether the centre of this folder was one before generation `newest`, and not that one."""
        return self._own.exists() and int(json.loads(self._own.read_text())["generation"]) < newest

    def raise_for(self, newest: Generation, dsn: str) -> int:
        """No process writes here from now on; returns where the database's log ends, in bytes."""
        write_whole(self._mark, json.dumps({"generation": newest.number, "branch": newest.branch}).encode())
        with psycopg.connect(dsn, autocommit=True) as connection:
            return _closed(connection)

    def forget(self) -> None:
        """The folder holds a copy of the newest centre by now."""
        self._mark.unlink(missing_ok=True)


def _closed(connection: psycopg.Connection[Any]) -> int:
    database = sql.Identifier(connection.info.dbname)
    # it must not wait for the very twin that takes over
    connection.execute("SET synchronous_commit = local")
    connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(database))
    connection.execute(
        "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    row = connection.execute("SELECT pg_current_wal_flush_lsn() - '0/0'").fetchone()
    return int(row[0]) if row else 0
