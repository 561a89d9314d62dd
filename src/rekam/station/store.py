"""The station's encrypted store, opened: `StationStore` and who the station is, `Identity`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, Self

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import OfficeId, StationId
from rekam.storage.migrations import MigrationSet, migrate_sqlite
from rekam.storage.sqlite import EncryptedConnection, open_encrypted, transaction
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, verify_chain
from rekam.trust.keys import SealingKey, SigningKey, VerifyKey

__all__ = ["TABLES", "Identity", "StationNotProvisioned", "StationStore", "SuketPolicy"]

TABLES: Final = MigrationSet.load("rekam.station")
SuketPolicy = Literal["offline", "after_received", "off"]
Chain = tuple[bytes, ...]


class StationNotProvisioned(RekamError):
    """This data folder holds no station yet. Nothing was changed. Have the office provision the station first."""


@dataclass(frozen=True)
class Identity:
    """Who this station is and whom it trusts; written once when the office provisions it, kept in the store.

    `check_key` keys the NIK hashes of the offline check; `suket_policy` is the office's (DOMAIN section 5), and so
    are `letterhead`, `official` (fields of `documents.papers`) and `place`, the town its letters name.
    """

    station: StationId
    name: str
    office_name: str
    epoch: int
    signing: SigningKey
    chain: Chain
    document: SigningKey
    document_chain: Chain
    centre_chain: Chain
    root: VerifyKey
    check_key: bytes
    suket_policy: SuketPolicy
    place: str
    letterhead: Mapping[str, str]
    official: Mapping[str, str]

    @property
    def office(self) -> OfficeId:
        return self.station.office

    @property
    def office_certificate(self) -> Certificate:
        """Proved up to the root at every use; it verifies custody receipts."""
        return verify_chain(self.chain, self.root)[1]

    @property
    def centre_certificate(self) -> Certificate:
        """Verifies the feed and acceptance receipts; its sealing key is what packets are sealed to."""
        return verify_chain(self.centre_chain, self.root)[0]

    @property
    def recipient(self) -> SealingKey:
        sealing = self.centre_certificate.sealing
        if sealing is None:
            raise StationNotProvisioned
        return sealing

    def to_map(self) -> dict[str, Any]:
        return {
            "station": str(self.station),
            "name": self.name,
            "office_name": self.office_name,
            "epoch": self.epoch,
            "signing": self.signing.to_bytes(),
            "chain": list(self.chain),
            "document": self.document.to_bytes(),
            "document_chain": list(self.document_chain),
            "centre_chain": list(self.centre_chain),
            "root": self.root.to_bytes(),
            "check_key": self.check_key,
            "suket_policy": self.suket_policy,
            "place": self.place,
            "letterhead": dict(self.letterhead),
            "official": dict(self.official),
        }

    @classmethod
    def from_map(cls, fields: Mapping[str, Any]) -> Self:
        keys = {
            "station": StationId(fields["station"]),
            "signing": SigningKey(fields["signing"]),
            "document": SigningKey(fields["document"]),
            "root": VerifyKey(fields["root"]),
        }
        chains = {name: tuple(fields[name]) for name in ("chain", "document_chain", "centre_chain")}
        return cls(**{**fields, **keys, **chains})


class StationStore:
    """One connection behind one lock. `tx` is a durable transaction; nested use joins the outer one."""

    def __init__(self, connection: EncryptedConnection) -> None:
        migrate_sqlite(connection, TABLES)
        self._connection = connection
        self._lock = connection.lock

    @classmethod
    def create(cls, path: Path, key: bytes, identity: Identity) -> Self:
        """A new station's store: its identity and an empty chain. Does nothing where the identity is there."""
        store = cls(open_encrypted(path, key))
        store.provision(identity)
        return store

    def provision(self, identity: Identity) -> None:
        """Write identity and empty chain, both or neither. Does nothing where the identity is there."""
        with self.tx() as tx:
            if self.setting("identity") is None:
                self.put_setting("identity", cbor.encode(identity.to_map()))
            tx.execute("INSERT OR IGNORE INTO chain_head VALUES (1, ?, 0, zeroblob(32))", (identity.epoch,))

    @classmethod
    def open(cls, path: Path, key: bytes) -> Self:
        """Raises `WrongDatabaseKey`, `StationNotProvisioned`, `DataFromNewerVersion`."""
        if not path.exists():
            raise StationNotProvisioned
        return cls(open_encrypted(path, key))

    def tx(self) -> transaction:
        """A durable transaction, as a block."""
        return transaction(self._connection)

    def rows(self, sql: str, parameters: tuple[Any, ...] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a read, never in the middle of another thread's transaction."""
        with self._lock:
            return list(self._connection.execute(sql, parameters))

    def row(self, sql: str, parameters: tuple[Any, ...] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
        return next(iter(self.rows(sql, parameters)), None)

    def setting(self, name: str) -> bytes | None:
        found = self.row("SELECT value FROM setting WHERE name = ?", (name,))
        return found[0] if found else None

    def put_setting(self, name: str, value: bytes) -> None:
        with self.tx() as tx:
            tx.execute(
                "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value)
            )

    def identity(self) -> Identity:
        found = self.setting("identity")
        if found is None:
            raise StationNotProvisioned
        return _identity(found)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


@lru_cache(maxsize=8)  # asked at every round of the line; keyed by the row itself, so another row is another identity
def _identity(row: bytes) -> Identity:
    return Identity.from_map(cbor.decode(row))
