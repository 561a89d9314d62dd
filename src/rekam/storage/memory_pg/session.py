"""A session of the simulated server, as psycopg's connection looks to the product: `Session`."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import apsw
from psycopg import errors

from rekam.storage.memory_pg.dialect import Statement, translated
from rekam.storage.memory_pg.functions import moment_text, value_of

if TYPE_CHECKING:
    from rekam.storage.memory_pg.server import MemoryPostgres

__all__ = ["Rows", "Session", "bindable"]

_TROUBLE = {
    "restrict_violation": errors.RestrictViolation,
    "integrity_constraint_violation": errors.IntegrityConstraintViolation,
    "UNIQUE": errors.UniqueViolation,
    "CHECK": errors.CheckViolation,
    "NOT NULL": errors.NotNullViolation,
}


class Rows:
    """What a statement gave."""

    __slots__ = ("_next", "_rows", "rowcount")

    def __init__(self, rows: list[tuple[Any, ...]], changed: int) -> None:
        self._rows = rows
        self._next = 0
        self.rowcount = changed

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, None after the last."""
        row = self._rows[self._next] if self._next < len(self._rows) else None
        self._next += 1
        return row

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        rest, self._next = self._rows[self._next :], len(self._rows)
        return rest

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.fetchall())


class _Done(NamedTuple):
    """A statement that changed rows, kept so that it can be done again."""

    sql: str
    parameters: Any
    drawn: list[Any]
    changed: int


class _Transaction:
    """The block that `Session.transaction` opens: a transaction of its own, or a savepoint inside the open one."""

    __slots__ = ("_mark", "_nested", "_session")

    def __init__(self, session: "Session") -> None:
        self._session = session

    def __enter__(self) -> "Session":
        self._nested, self._mark = self._session.began, self._session.written
        return self._session

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        session = self._session
        if kind is not None:
            if self._nested:
                session.back_to(self._mark)
            else:
                session.end()
        elif not self._nested:
            session.commit()
            session.end()


class Session:
    """One transaction at a time, with the calls of psycopg that Rekam uses."""

    __slots__ = ("_held", "_journal", "_moment", "_server", "autocommit")

    def __init__(self, server: "MemoryPostgres") -> None:
        self._server = server
        self.autocommit = False  # nothing comes of it: questions change nothing
        self._journal: list[_Done] = []
        self._held: set[Any] = set()
        self._moment: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Committed at the end of the block, forgotten on an error."""
        try:
            if kind is None and self._journal:
                self.commit()
        finally:
            self.end()

    @property
    def began(self) -> bool:
        """Whether a transaction is open."""
        return self._moment is not None

    @property
    def written(self) -> int:
        """How many statements of it changed rows."""
        return len(self._journal)

    def execute(self, query: str, params: Mapping[str, Any] | Sequence[Any] | None = None) -> Rows:
        """As psycopg; raises its errors for violated constraints, and `Blocked`."""
        server = self._server
        server.at("statement")
        statement = translated(query)
        if self._moment is None:
            self._moment = server.moments.next()
        if server.active is not self:
            self._turn(writes=statement.writes)
        draws, db, tables = server.draws, server.db, server.tables
        drawn: list[Any] = []
        draws.now, draws.drawn = self._moment, drawn
        touched: list[Any] = []
        tables.touched = touched
        before = db.total_changes() if statement.writes else 0
        try:
            rows = db.execute(statement.sql, params).fetchall()
        except apsw.ConstraintError as error:
            raise _trouble(error) from error
        if statement.locks:
            rows = self._locked(statement, rows)
        if touched:
            self._hold(touched)
        if not statement.writes:
            return Rows(_told(rows) if rows else rows, len(rows))
        changed = db.total_changes() - before
        kept = dict(params) if type(params) is dict else params
        self._journal.append(_Done(statement.sql, kept, drawn, changed))
        return Rows(_told(rows) if rows else rows, changed)

    def pipeline(self) -> AbstractContextManager[None]:
        """Statements sent together, as a block; here each is answered at once."""
        return nullcontext()

    def transaction(self) -> _Transaction:
        """A transaction of its own, or a savepoint inside the one that is open; as a block."""
        return _Transaction(self)

    def wrote(self, table: str) -> bool:
        """Whether a statement of this transaction names that table and changed rows."""
        return any(table in done.sql for done in self._journal)

    def commit(self) -> None:
        """Everything this transaction wrote becomes everybody's, at once and for ever."""
        if not self._journal:
            return
        self._server.at("commit")
        if self._server.active is not self:
            self._turn(writes=True)
        self._server.db.execute("COMMIT")
        self._server.active = None
        self._journal.clear()
        self._server.at("committed")

    def end(self) -> None:
        """What was not committed is gone; locks are free."""
        server = self._server
        if server.active is self:
            server.suspend()
        if self._held:
            for key in self._held:
                if server.locks.get(key) is self:
                    del server.locks[key]
                if key[0] == "shared":
                    server.shared[key[1]].discard(self)
            self._held.clear()
        self._journal.clear()
        self._moment = None

    def _turn(self, *, writes: bool) -> None:
        """Make the tables look as this transaction must see them, who is not the one at work."""
        server = self._server
        server.suspend()
        if self._journal or writes:
            server.db.execute("BEGIN")
            server.active = self
            for done in self._journal:
                self._redo(done)

    def _redo(self, done: _Done) -> None:
        server = self._server
        server.draws.now, server.draws.again = self._moment, list(done.drawn)
        before = server.db.total_changes()
        try:
            server.db.execute(done.sql, done.parameters).fetchall()
            if server.db.total_changes() - before != done.changed:
                raise _blocked("a row that was written here was changed by another")
        except apsw.ConstraintError as error:
            raise _blocked(str(error)) from error
        finally:
            server.draws.again = None

    def back_to(self, mark: int) -> None:
        """Forget what came after a savepoint; the next statement finds the rest written again."""
        del self._journal[mark:]
        if self._server.active is self:
            self._server.suspend()

    def _locked(self, statement: Statement, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows without their ids; each is held from now on, or passed over where another holds it."""
        given = []
        for row, *cells in rows:
            key = (statement.locks, row)
            if statement.skips and self._server.locks.get(key, self) is not self:
                continue
            self._server.tables.touched.append(key)
            given.append(tuple(cells))
        return given

    def _hold(self, keys: list[Any]) -> None:
        locks, shared = self._server.locks, self._server.shared
        for key in keys:
            kind, name = key
            if kind == "shared":
                if locks.get(("advisory", name), self) is not self:
                    raise _blocked(f"{name} is held by another")
                shared[name].add(self)
            elif (kind == "advisory" and shared.get(name, set()) - {self}) or locks.setdefault(key, self) is not self:
                raise _blocked(f"{key} is held by another")  # and not by this one: it would never let go of it
            self._held.add(key)


def _blocked(reason: str) -> BaseException:
    from rekam.storage.memory_pg.server import Blocked

    return Blocked(reason)


def _told(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """As psycopg would give them."""
    return [tuple([value_of(cell) if type(cell) is str else cell for cell in row]) for row in rows]


def bindable(_cursor: apsw.Cursor, _number: int, value: Any) -> Any:
    """A parameter of a kind that SQLite has none of, as `value_of` reads it back; its own kinds never come here."""
    tell = next((tell for known, tell in _TOLD.items() if isinstance(value, known)), None)
    if tell is None:
        raise TypeError(f"{type(value).__name__} cannot be a parameter")
    return tell(value)


_TOLD: Final[dict[type, Callable[[Any], Any]]] = {
    datetime: moment_text,
    date: date.isoformat,
    uuid.UUID: str,
    list: lambda items: json.dumps([each.hex() if isinstance(each, bytes) else each for each in items]),
}


def _trouble(error: apsw.ConstraintError) -> Exception:
    told = str(error)
    return next((kind(told) for mark, kind in _TROUBLE.items() if mark in told), errors.IntegrityError(told))
