"""The blank ledger (`blangko`): every sheet received, printed, reprinted or spoiled; stock reconciles to the sheet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg.errors import CheckViolation

from rekam.exchange.pg.register import Transaction
from rekam.office.errors import MissingReason, NoBlanks, WrongNumberOfBlanks
from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool

__all__ = ["Account", "BlankLedger", "LedgerEntry"]

MOST_AT_ONCE: Final = 1_000_000
_NEVER_BELOW_ZERO: Final = "blank_stock_never_below_zero"


@dataclass(frozen=True)
class LedgerEntry:
    """One line: `change` in sheets (negative: they left the stock), `balance` after it; `kind` is received, printed,
    reprinted or spoiled. Entries are numbered from 1 without gaps, since a rebuilding of the server from the next full
    hundred thousand on, and never change.
    """

    entry: int
    at: datetime
    kind: str
    change: int
    balance: int
    note: str
    by: str


@dataclass(frozen=True)
class Account:
    """The ledger added up, in sheets. `stock` is the sum, `balance` what the last line says, `cards` the sheets
    on record as cards.

    A reprint replaces a sheet that was ruined, so `ruined` counts those and the ones spoiled unprinted.
    """

    received: int
    printed: int
    reprinted: int
    spoiled: int
    stock: int
    balance: int
    cards: int

    @property
    def ruined(self) -> int:
        """Sheets that nobody holds as a card."""
        return self.reprinted + self.spoiled

    @property
    def adds_up(self) -> bool:
        """Received = printed + reprinted + spoiled + stock, the balance says the same, and each print has its card."""
        left = self.received - self.printed - self.ruined
        return left == self.stock == self.balance and self.printed + self.reprinted == self.cards


class BlankLedger:
    """The stock of blank cards. The database numbers the lines and refuses a stock below zero, whoever writes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def open_with(self, count: int, note: str, *, by: str) -> LedgerEntry | None:
        """The stock that is there when the ledger begins; None, and nothing changes, where it has begun already."""
        return None if self.entries(1) or not count else self.receive(count, note, by=by)

    def receive(self, count: int, note: str, *, by: str) -> LedgerEntry:
        """`count` sheets came in; `note` names the delivery. Raises `WrongNumberOfBlanks`."""
        return self._enter("received", _sheets(count), note, by)

    def spoil(self, count: int, note: str, *, by: str) -> LedgerEntry:
        """`count` unprinted sheets are ruined, `note` says how. Raises `NoBlanks`, `MissingReason`,
        `WrongNumberOfBlanks`.
        """
        if not note.strip():
            raise MissingReason
        return self._enter("spoiled", -_sheets(count), note, by)

    def take(self, tx: Transaction, *, again: bool, note: str, by: str) -> LedgerEntry:
        """One sheet for a card, in the transaction that records the card. Raises `NoBlanks`; `tx` is then lost."""
        return _write(tx, "reprinted" if again else "printed", -1, note, by)

    def account(self) -> Account:
        """The ledger added up."""
        with self._pool.connection() as connection:
            return Account(*(int(value) for value in connection.execute(QUERIES.blank_account).fetchall()[0]))

    def entries(self, limit: int = 200) -> list[LedgerEntry]:
        """Newest first."""
        with self._pool.connection() as connection:
            return [LedgerEntry(*row) for row in connection.execute(QUERIES.blank_entries, {"limit": limit})]

    def _enter(self, kind: str, change: int, note: str, by: str) -> LedgerEntry:
        with self._pool.connection() as tx:
            return _write(tx, kind, change, note, by)


def _sheets(count: int) -> int:
    if not 1 <= count <= MOST_AT_ONCE:
        raise WrongNumberOfBlanks(count=count, most=MOST_AT_ONCE)
    return count


def _write(tx: Transaction, kind: str, change: int, note: str, by: str) -> LedgerEntry:
    row = {"kind": kind, "change": change, "note": note.strip(), "by": by}
    try:
        return LedgerEntry(*tx.execute(QUERIES.put_blanks, row).fetchall()[0])
    except CheckViolation as error:
        if error.diag.constraint_name == _NEVER_BELOW_ZERO:
            raise NoBlanks from error
        raise
