"""Statements' ports in memory, for simulations and tests: `InMemoryStatements`, `InMemoryStatementOutbox`."""

from collections.abc import Callable, Mapping, Sequence

from rekam.exchange.statements import Issue, Said, SignedStatement, Stated, Statement, no_effect

__all__ = ["InMemoryStatementOutbox", "InMemoryStatements"]


class InMemoryStatements:
    """`StatementRegister` in memory. An effect runs before its statement counts; its error leaves nothing recorded."""

    def __init__(self, effects: Mapping[str, Callable[[Statement], None]]) -> None:
        self._effects = effects
        self._receipts: dict[str, bytes] = {}

    def record(self, statement: Statement, signed: SignedStatement, issue: Issue) -> bytes:
        """See `StatementRegister`."""
        if signed.id not in self._receipts:
            effect = self._effects.get(statement.kind)
            if effect is None:
                raise no_effect(signed.id, statement.kind)
            effect(statement)
            self._receipts[signed.id] = issue()
        return self._receipts[signed.id]

    def lacking(self, statement_ids: Sequence[str]) -> list[str]:
        """See `StatementRegister`."""
        return [each for each in statement_ids if each not in self._receipts]


class InMemoryStatementOutbox:
    """`StatementOutbox` in memory."""

    def __init__(self) -> None:
        self._said: dict[str, SignedStatement] = {}
        self._facts: dict[str, tuple[str, int]] = {}
        self._receipts: dict[str, bytes] = {}
        self._aside: dict[str, tuple[str, str]] = {}

    def put(self, statement: Statement, signed: SignedStatement) -> None:
        """Queue what was said; saying it again changes nothing."""
        self._said.setdefault(signed.id, signed)
        self._facts.setdefault(signed.id, (statement.kind, statement.at_ms))

    def waiting(self, limit: int) -> list[SignedStatement]:
        """See `StatementOutbox`."""
        return [one for one in self._said.values() if one.id not in self._receipts and one.id not in self._aside][
            :limit
        ]

    def confirmed(self, after: str, limit: int) -> list[SignedStatement]:
        """See `StatementOutbox`."""
        return [self._said[each] for each in sorted(self._receipts) if each > after][:limit]

    def acknowledged(self, statement_id: str, receipt: bytes) -> None:
        """See `StatementOutbox`."""
        self._receipts.setdefault(statement_id, receipt)
        self._aside.pop(statement_id, None)

    def failed(self, statement_id: str, code: str, reason: str) -> None:
        """See `StatementOutbox`."""
        if statement_id not in self._receipts:
            self._aside[statement_id] = (code, reason)

    def set_aside(self) -> list[str]:
        """See `StatementOutbox`."""
        return [each for each in self._said if each in self._aside]

    def retry(self, statement_id: str | None = None) -> int:
        """See `StatementOutbox`."""
        again = [each for each in self._aside if statement_id in (None, each)]
        for each in again:
            del self._aside[each]
        return len(again)

    def counted(self) -> dict[str, Said]:
        """See `StatementOutbox`."""
        found: dict[str, Said] = {}
        for each, (kind, _at) in self._facts.items():
            known = found.get(kind, Said(0, 0, 0))
            confirmed, aside = each in self._receipts, each in self._aside
            waits = not confirmed and not aside
            found[kind] = Said(known.confirmed + confirmed, known.waiting + waits, known.aside + aside)
        return found

    def listed(self) -> list[Stated]:
        """See `StatementOutbox`."""
        return [
            Stated(each, *self._facts[each], self._receipts.get(each), *self._aside.get(each, ("", "")))
            for each in reversed(self._said)
        ]
