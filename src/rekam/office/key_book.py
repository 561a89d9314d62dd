"""The requests for operators' keys that an office was ever told, and how each stands: `KeyBook`, `KeyAsked`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.exchange.pg.register import Transaction
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries

__all__ = ["Came", "KeyAsked", "KeyBook", "KeyRequestUnknown"]

SQL: Final = Queries.load("rekam.office", "operator_keys.sql")
Came = Literal["line", "text"]


class KeyRequestUnknown(RekamError):
    """This office knows no such request for an operator's key. Nothing was changed. Open it from the list."""


@dataclass(frozen=True)
class KeyAsked:
    """One request at this office. `officials`: who approved so far; `closed`: why it ended without a certificate, ""
    while it has not; `came`: over the ``line`` or as ``text``; `ends`: key id of the old key, hex, "" for a new
    operator; `asked_as`: the role in which `asked_by` asked.
    """

    request: str
    station: str
    epoch: int
    subject: str
    name: str
    role: str
    why: str
    ends: str
    asked_by: str
    asked_as: str
    came: Came
    data: bytes
    opened_at: datetime
    wrong: int
    closed: str
    closed_by: str
    reason: str
    officials: tuple[str, ...] = ()
    certificate: bytes = b""

    @property
    def open(self) -> bool:
        return not self.closed and not self.certificate

    @property
    def alone(self) -> bool:
        """Whether a supervisor's key is asked for and no supervisor asked."""
        return self.asked_as != "supervisor"


class KeyBook:
    """Reads; what changes a request joins the caller's transaction (`operator_keys`, `key_decisions`)."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def requests(self) -> list[KeyAsked]:
        """For the page: open ones first."""
        with self._pool.connection() as tx:
            return [_asked(tx, row) for row in tx.execute(SQL.listed).fetchall()]

    def waiting(self) -> int:
        """How many requests people have to decide about."""
        with self._pool.connection() as tx:
            return int(tx.execute(SQL.waiting).fetchall()[0][0])

    def find(self, request: str) -> KeyAsked:
        """Raises `KeyRequestUnknown`."""
        with self._pool.connection() as tx:
            return _asked(tx, _row(tx, SQL.find, request))

    def locked(self, tx: Transaction, request: str) -> KeyAsked:
        """Alone with it until the transaction ends. Raises `KeyRequestUnknown`."""
        return _asked(tx, _row(tx, SQL.lock, request))


def approvals(tx: Transaction, request: str) -> tuple[str, ...]:
    """Who approved, in order."""
    return tuple(official for (official,) in tx.execute(SQL.approvals, {"request": request}))


def _asked(tx: Transaction, row: Sequence[Any]) -> KeyAsked:
    issued = tx.execute(SQL.issued, {"request": row[0]}).fetchone()
    certificate = bytes(issued[0]) if issued else b""
    return KeyAsked(*row[:11], bytes(row[11]), *row[12:], approvals(tx, row[0]), certificate)  # type: ignore[call-arg]


def _row(tx: Transaction, query: str, request: str) -> Sequence[Any]:
    row: Sequence[Any] | None = tx.execute(query, {"request": request}).fetchone()
    if row is None:
        raise KeyRequestUnknown
    return row
