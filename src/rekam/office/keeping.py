"""What an office alone knows, as one sealed and signed file: `Keepsake`."""

import json
from dataclasses import dataclass
from typing import Any, Final

from psycopg import sql
from psycopg.types.json import Json

from rekam.enrolment.errors import RekamError
from rekam.storage.pool import Pool
from rekam.trust import cbor
from rekam.trust.at_rest import DataKey, DataUnopenable
from rekam.trust.cose import EnvelopeUnreadable, SignedByAnother, WrongKind, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = ["KEPT", "Keepsake", "KeepsakeUnreadable"]

KEPT: Final = (
    "staff_member",
    "blank_ledger",
    "card",
    "log_alarm_answer",
    "recovery_request",
    "recovery_approval",
    "recovery_issue",
    "recovery_found",
    "rebuilt",
    "own_past",
    "key_request",
    "key_approval",
    "key_issue",
    "key_withdrawal",
    "key_end",
    "key_stop",
    "key_stop_word",
    "day_word",
    "day_rest",
    "letter_block",
    "letter",
    "letter_void",
    "resident_change",
    "exchange.statement",
    "exchange.statement_outbox",
    "exchange.witness_checkpoint",
    "exchange.witness_cosignature",
    "exchange.witness_delivery",
    "exchange.witness_alarm",
    "exchange.witness_receipt",
)
"""Tables that neither the centre's feed nor a station can tell again. All others come from there (docs/adr/0033)."""

_SIGNED_AS: Final = "rekam/office-keepsake"
_SEALED_AS: Final = b"office/keepsake"


class KeepsakeUnreadable(RekamError):
    """{what} is no file that this office wrote with rekam office keep ({reason}). Nothing was taken over.
    Choose another one, or rebuild without it.
    """


@dataclass(frozen=True)
class Keepsake:
    """The rows of `KEPT` at one moment (`at_ms`, the office's legal time); sealed under the office's data key."""

    office: str
    at_ms: int
    tables: dict[str, list[Any]]

    @classmethod
    def of(cls, pool: Pool, office: str, at_ms: int) -> "Keepsake":
        """Read in one snapshot."""
        with pool.connection() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            rows = {
                table: [
                    row for (row,) in connection.execute(sql.SQL("SELECT to_json(t) FROM {} t").format(_name(table)))
                ]
                for table in KEPT
            }
        return cls(office, at_ms, rows)

    def sealed(self, key: DataKey, signer: SigningKey) -> bytes:
        """As it travels, on any medium."""
        content = json.dumps({"office": self.office, "at_ms": self.at_ms, "tables": self.tables}).encode()
        return sign1(cbor.encode({"sealed": key.seal(content, _SEALED_AS)}), signer, kind=_SIGNED_AS)

    @classmethod
    def opened(cls, data: bytes, key: DataKey, office: VerifyKey, what: str) -> "Keepsake":
        """Raises `KeepsakeUnreadable`."""
        try:
            fields: Any = cbor.decode(verify1(data, office, kind=_SIGNED_AS))
            content = json.loads(key.open(fields["sealed"], _SEALED_AS))
            return cls(**content)
        except (
            EnvelopeUnreadable, WrongKind, SignedByAnother, SignatureInvalid, cbor.CborUnreadable, DataUnopenable,
            TypeError, KeyError, ValueError,
        ) as error:  # fmt: skip
            raise KeepsakeUnreadable(what=what, reason=type(error).__name__) from error

    def restore(self, pool: Pool) -> dict[str, int]:
        """Into the empty tables of a new server; how many rows each got. Refuses a table that is not empty."""
        counts = {}
        with pool.connection() as tx:
            # rows of the past: no trigger may number them anew, references come with the feed
            tx.execute("SET LOCAL session_replication_role = replica")
            for table, rows in self.tables.items():
                if table not in KEPT or tx.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(_name(table))).fetchone():
                    raise KeepsakeUnreadable(what=table, reason="the table is unknown, or not empty")
                insert = sql.SQL(
                    "INSERT INTO {0} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::{0}, %s)"
                ).format(_name(table))
                counts[table] = tx.execute(insert, [Json(rows)]).rowcount if rows else 0
                _skip_numbers(tx, table)
        return counts


def _name(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))


def _skip_numbers(tx: Any, table: str) -> None:
    """Identity columns go on after the highest number that is there."""
    columns = tx.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''", [table]
    ).fetchall()
    for (column,) in columns:
        highest = sql.SQL("(SELECT max({}) FROM {})").format(sql.Identifier(column), _name(table))
        tx.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence(%s, %s), coalesce({}, 0) + 1, false)").format(highest),
            [table, column],
        )
