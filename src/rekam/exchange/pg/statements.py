"""Statements in PostgreSQL: the centre's register, `PgStatements`, and the office's outbox, `PgStatementOutbox`."""

from collections.abc import Callable, Mapping, Sequence

from rekam.exchange.pg.register import Transaction
from rekam.exchange.statements import Issue, Said, SignedStatement, Stated, Statement, no_effect
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.certificates import chain_from_bytes, chain_to_bytes

__all__ = ["PgStatementOutbox", "PgStatements", "StatementEffect", "put_statement"]

StatementEffect = Callable[[Transaction, Statement], None]
"""What a kind of statement changes at the centre, in the transaction that records it."""

_SQL = Queries.load("rekam.exchange.pg", "statements.sql")


class PgStatements:
    """`StatementRegister` in the schema `exchange`; `effects` are by kind."""

    def __init__(self, pool: Pool, effects: Mapping[str, StatementEffect]) -> None:
        self._pool = pool
        self._effects = effects

    def record(self, statement: Statement, signed: SignedStatement, issue: Issue) -> bytes:
        """See `StatementRegister`."""
        effect = self._effects.get(statement.kind)
        if effect is None:
            raise no_effect(signed.id, statement.kind)
        with self._pool.connection() as tx:
            tx.execute(_SQL.lock, {"id": signed.id})
            known = tx.execute(_SQL.receipt_of, {"id": signed.id}).fetchone()
            if known is not None:
                return bytes(known[0])
            effect(tx, statement)
            receipt = issue()
            tx.execute(_SQL.record, _row(statement, signed) | {"office": statement.office, "receipt": receipt})
        return receipt

    def lacking(self, statement_ids: Sequence[str]) -> list[str]:
        """See `StatementRegister`."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.recorded, {"ids": list(statement_ids)}).fetchall()
        known = {each for (each,) in rows}
        return [each for each in statement_ids if each not in known]


def put_statement(tx: Transaction, statement: Statement, signed: SignedStatement) -> None:
    """Queue a statement in the transaction that it belongs to: it is said if, and only if, that commits."""
    tx.execute(_SQL.put, _row(statement, signed))


class PgStatementOutbox:
    """`StatementOutbox` in the schema `exchange`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def waiting(self, limit: int) -> list[SignedStatement]:
        """See `StatementOutbox`."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.waiting, {"limit": limit}).fetchall()
        return [SignedStatement(bytes(data), chain_from_bytes(bytes(chain))) for data, chain in rows]

    def confirmed(self, after: str, limit: int) -> list[SignedStatement]:
        """See `StatementOutbox`."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.confirmed, {"after": after, "limit": limit}).fetchall()
        return [SignedStatement(bytes(data), chain_from_bytes(bytes(chain))) for data, chain in rows]

    def acknowledged(self, statement_id: str, receipt: bytes) -> None:
        """See `StatementOutbox`."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.acknowledge, {"id": statement_id, "receipt": receipt})

    def failed(self, statement_id: str, code: str, reason: str) -> None:
        """See `StatementOutbox`."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.set_aside, {"id": statement_id, "code": code, "reason": reason})

    def set_aside(self) -> list[str]:
        """See `StatementOutbox`."""
        with self._pool.connection() as connection:
            return [row[0] for row in connection.execute(_SQL.aside)]

    def retry(self, statement_id: str | None = None) -> int:
        """See `StatementOutbox`."""
        with self._pool.connection() as tx:
            return tx.execute(_SQL.retry, {"id": statement_id}).rowcount

    def counted(self) -> dict[str, Said]:
        """See `StatementOutbox`."""
        with self._pool.connection() as connection:
            return {kind: Said(*counts) for kind, *counts in connection.execute(_SQL.counted)}

    def listed(self) -> list[Stated]:
        """See `StatementOutbox`."""
        with self._pool.connection() as connection:
            rows = connection.execute(_SQL.listed).fetchall()
        return [
            Stated(each, kind, at_ms, None if receipt is None else bytes(receipt), code, reason)
            for each, kind, at_ms, receipt, code, reason in rows
        ]


def _row(statement: Statement, signed: SignedStatement) -> dict[str, object]:
    said = {"id": signed.id, "kind": statement.kind, "at_ms": statement.at_ms}
    return said | {"data": signed.data, "chain": chain_to_bytes(signed.chain)}
