"""One packet on its way through the centre, as its stages see it: `Case`."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO

import cbor2
from psycopg import Connection

from rekam.centre.sql import QUERIES
from rekam.centre.vault import Vault
from rekam.centre.verdict import Effect
from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Slot
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobDamaged

__all__ = ["Case", "CaseFacts", "CaseVanished", "Lend", "PacketSpoiled", "WorkingCopyMissing", "open_case"]

Lend = Callable[[], AbstractContextManager[Connection[Any]]]
"""A connection for one question: a pool's `connection`, or the one that is held anyway."""


class WorkingCopyMissing(RekamError):
    """The working copy of packet {number} holds no '{name}'. The sealed packet is safe; send the case back
    to its first stage from the quarantine list.
    """


class PacketSpoiled(RekamError):
    """The bytes of packet {number} went bad on the centre's disk. The office still holds the packet, and the resident
    need not come again. Check the disk, fetch the packet from the office, then send the case on.
    """


class CaseVanished(RekamError):
    """Packet {packet_id} has no case here. Nothing was changed; look for it by its number in the case list."""


@dataclass(frozen=True)
class CaseFacts:
    """What the tables say of a case. `nik_hash` and `operator` are known once the packet is open."""

    packet_id: str
    number: str
    station: str
    office: str
    nik_hash: bytes | None
    operator: str | None


class Case:
    """Reads go to the database and the vault at once; writes come back as effects for the stage's verdict. Between two
    questions it holds no connection, so that a stage may compute for long.
    """

    def __init__(self, facts: CaseFacts, lend: Lend, packets: BlobStore, vault: Vault) -> None:
        self.facts = facts
        self._lend = lend
        self._packets = packets
        self._vault = vault

    @property
    def packet_id(self) -> str:
        return self.facts.packet_id

    def row(self, query: str, **parameters: Any) -> Any | None:
        """The first row of one of the centre's named queries, this case's packet_id filled in."""
        return next(iter(self.rows(query, **parameters)), None)

    def rows(self, query: str, **parameters: Any) -> list[Any]:
        """All rows of one of the centre's named queries, this case's packet_id filled in."""
        with self._lend() as connection:
            return connection.execute(getattr(QUERIES, query), {"packet_id": self.packet_id, **parameters}).fetchall()

    def sealed(self) -> BinaryIO:
        """The packet as it was received, byte for byte."""
        return self._packets.open(self.packet_id)

    def require_intact(self) -> None:
        """Raises `PacketSpoiled` when the packet's bytes are no longer those that were received."""
        try:
            self._packets.verify(self.packet_id)
        except BlobDamaged as damage:
            raise PacketSpoiled(number=self.facts.number) from damage

    def keep(self, name: str, plaintext: bytes) -> Effect:
        """Seals `plaintext` into the vault now; the effect makes it part of the working copy."""
        blob = self._vault.put(plaintext, self._context(name))
        row = {"packet_id": self.packet_id, "name": name, "blob": blob}

        def commit(tx: Connection[Any]) -> None:
            tx.execute(QUERIES.keep_working_copy, row)

        return commit

    def read(self, name: str, packet_id: str | None = None) -> bytes:
        """The plaintext of one part of this case's working copy, or of another packet's."""
        packet = packet_id or self.packet_id
        row = self.row("working_copy", packet_id=packet, name=name)
        if row is None:
            raise WorkingCopyMissing(number=self.facts.number, name=name)
        return self._vault.get(row[0], self._context(name, packet))

    def enrolment(self) -> Enrolment:
        """The enrolment with every image, from the working copy."""
        manifest: Mapping[str, Any] = cbor2.loads(self.read("manifest"))
        images = {Slot.parse(entry["slot"]): self.read(entry["slot"]) for entry in manifest["entries"]}
        return Enrolment.from_manifest(manifest, images)

    def note(self, **known: Any) -> Effect:
        """Fills in what only the open packet tells: the keyed hashes of the NIK, one for each purpose, and who
        recorded (`nik_hash`, `portal_key`, `check_hash`, `nik_shard`, `operator`).
        """
        row = {"packet_id": self.packet_id, **known}

        def commit(tx: Connection[Any]) -> None:
            tx.execute(QUERIES.note_case, row)

        return commit

    def _context(self, name: str, packet_id: str | None = None) -> str:
        return f"working-copy/{packet_id or self.packet_id}/{name}"


def open_case(lend: Lend, packet_id: str, packets: BlobStore, vault: Vault) -> Case:
    """The case of a packet; raises `CaseVanished`."""
    with lend() as connection:
        row = connection.execute(QUERIES.case_facts, {"packet_id": packet_id}).fetchone()
    if row is None:
        raise CaseVanished(packet_id=packet_id)
    return Case(CaseFacts(*row), lend, packets, vault)
