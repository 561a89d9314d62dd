"""A server's tables in SQLite, emptied and used again by the next server of the process: `Tables`.

Making a connection anew for each of a thousand countries would mean to write and to read the same schema and to prepare
the same statements each time.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import apsw

from rekam.storage.memory_pg.functions import Draws, install
from rekam.storage.memory_pg.schema import SCHEMA, script_of
from rekam.storage.memory_pg.session import bindable
from rekam.storage.migrations import MigrationSet

__all__ = ["Image", "Tables"]

_NO_STANDBY: Final = (
    "CREATE TEMP VIEW pg_stat_replication AS"
    " SELECT NULL AS application_name, NULL AS state, NULL AS flush_lsn WHERE false"
)
"""Nobody follows a simulated server."""
_STATEMENTS: Final = 512  # the most that the layer takes
_free: defaultdict[tuple[MigrationSet, ...], list["Tables"]] = defaultdict(list)


@dataclass(frozen=True)
class Image:
    """A server's disk at a moment: its schemas, each as a database of its own, and the last number of each sequence."""

    halves: dict[str, apsw.Connection]
    sequences: dict[str, int]


class Tables:
    """One connection in which every table of some families stands as its migrations leave it. `draws` begin anew with
    each user; `touched` is told each row that a statement changed, by table, and each advisory lock it took.
    """

    def __init__(self, families: tuple[MigrationSet, ...]) -> None:
        self._families = families
        self.draws = Draws(bytes)
        self.touched: list[tuple[str, Any]] = []
        self._guarded = True
        self.db = db = apsw.Connection(":memory:", statementcachesize=_STATEMENTS)
        db.execute(f"ATTACH ':memory:' AS {SCHEMA}")
        install(db, self.draws, self._take)
        db.create_scalar_function("guarded", self._is_guarded, 0)
        for statement in script_of(*families):
            try:
                db.execute(statement)
            except apsw.Error as error:
                raise ValueError(f"{error}: {statement}") from error
        db.execute(_NO_STANDBY)
        self._names = [
            f"{schema}.{name}"
            for schema in ("main", SCHEMA)
            for (name,) in db.execute(f"SELECT name FROM {schema}.sqlite_schema WHERE type = 'table'")  # noqa: S608
        ]
        self._schema = self._versions()
        self._begins_with = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in self._names}  # noqa: S608
        # a plan that looked at a bound value would be made anew for the next value, at each execution
        db.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        db.set_update_hook(self._note)
        db.convert_binding = bindable

    @classmethod
    def of(cls, families: tuple[MigrationSet, ...], random: Callable[[int], bytes]) -> "Tables":
        """Tables that nobody uses; uuids are made of `random` bytes."""
        found = _free[families].pop() if _free[families] else cls(families)
        found.draws.begin(random)
        return found

    def image(self) -> "Image":
        """A copy of all tables and sequences; no transaction is open."""
        halves = {}
        for schema in ("main", SCHEMA):
            halves[schema] = copy = apsw.Connection(":memory:")
            _copy(self.db, schema, copy, "main")
        return Image(halves, self.draws.sequences())

    def put_back(self, image: "Image") -> None:
        """The tables are as they were when `image` was made; no transaction is open."""
        for schema, copy in image.halves.items():
            _copy(copy, "main", self.db, schema)
        self._schema = self._versions()  # writing all pages changed them; the tables are what they were
        self.draws.go_on_from(image.sequences)

    def give_back(self) -> None:
        """Nobody uses them any more; no transaction is open. What a migration wrote is there again, nothing else is.
        Where somebody made tables of their own, nobody uses them after.
        """
        if self._versions() != self._schema:
            self.db.close()
            return
        self._guarded = False
        self.db.execute("BEGIN")
        for name, rows in self._begins_with.items():
            self.db.execute(f"DELETE FROM {name}")  # noqa: S608  # names of the schema
            for row in rows:
                self.db.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
        self.db.execute("COMMIT")
        self._guarded = True
        self.touched = []
        _free[self._families].append(self)

    def _is_guarded(self, *_none: Any) -> int:
        """Triggers ask it: rows that must stay go only when the tables are emptied."""
        return int(self._guarded)

    def _versions(self) -> list[int]:
        """They change with every statement that makes or alters a table."""
        return [self.db.pragma("schema_version", schema=schema) for schema in ("main", SCHEMA)]

    def _take(self, kind: str, key: Any) -> None:
        """Functions of SQLite call this for advisory locks; the session checks them after its statement."""
        self.touched.append((kind, key))

    def _note(self, operation: int, _schema: str, table: str, row: int) -> None:
        if operation != apsw.SQLITE_INSERT:
            self.touched.append((table, row))


def _copy(source: apsw.Connection, its: str, target: apsw.Connection, to: str) -> None:
    with target.backup(to, source, its) as pages:
        pages.step(-1)
