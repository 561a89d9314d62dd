"""What the places hold in the end, read behind their backs: rows, bytes and feeds, for the reconciliation."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from rekam.centre.case import CaseVanished, WorkingCopyMissing, open_case
from rekam.centre.vault import Vault
from rekam.enrolment.biodata import Biodata
from rekam.exchange.feed import EntryKind
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust import cbor, keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.cose import peek1

__all__ = ["CentreEvidence", "OfficeEvidence", "Verdict", "read_asked", "read_biodata", "read_centre", "read_office"]


@dataclass(frozen=True)
class Verdict:
    """The machine's word on a packet, before any expert."""

    word: str
    candidate: str | None


@dataclass(frozen=True)
class CentreEvidence:
    """`sound` are packets with a row whose file hashes to its name; counters tell how often each packet was given
    a result or a print order in the tables.
    """

    rows: Counter[str]
    sound: frozenset[str]
    statuses: Mapping[str, str]
    waiting: frozenset[str]
    results: Counter[str]
    print_orders: Counter[str]
    verdicts: Mapping[str, Verdict]
    numbers: Counter[str]


@dataclass(frozen=True)
class OfficeEvidence:
    """What lies at the office, and how often the feed told of each packet."""

    rows: Counter[str]
    sound: frozenset[str]
    told: Mapping[str, Counter[str]] = field(default_factory=dict)


def read_centre(folder: Path) -> CentreEvidence:
    with _open(folder) as connection:
        packets = [row[0] for row in connection.execute("SELECT packet_id FROM exchange.packet")]
        numbers = connection.execute(
            "SELECT station || '/' || epoch || '/' || sequence FROM exchange.packet"
        ).fetchall()
        return CentreEvidence(
            rows=Counter(packets),
            sound=_sound(folder, packets),
            statuses=dict(connection.execute("SELECT packet_id, status FROM enrolment_case").fetchall()),
            waiting=frozenset(
                row[0] for row in connection.execute("SELECT packet_id FROM packet_stage WHERE queue IS NOT NULL")
            ),
            results=Counter(row[0] for row in connection.execute("SELECT packet_id FROM result")),
            print_orders=Counter(row[0] for row in connection.execute("SELECT packet_id FROM print_order")),
            verdicts={
                packet_id: Verdict(word, candidate)
                for packet_id, word, candidate in connection.execute(
                    "SELECT packet_id, verdict, candidate FROM uniqueness_verdict"
                )
            },
            numbers=Counter(row[0] for row in numbers),
        )


def read_biodata(folder: Path, keys: Path, packets: Iterable[str]) -> dict[str, Biodata]:
    """Of these packets, where the centre has a working copy of them, decrypted with the key in its file `keys`."""
    vault = Vault(BlobStore(folder / "vault", RealDisk()), DataKey(keyfile.load(keys)["data"]))
    sealed, found = BlobStore(folder / "packets", RealDisk()), {}
    for packet in packets:
        with suppress(CaseVanished, WorkingCopyMissing):
            manifest = open_case(partial(_open, folder), packet, sealed, vault).read("manifest")
            found[packet] = Biodata.from_map(cbor.decode(manifest)["biodata"])
    return found


def read_asked(folder: Path) -> frozenset[str]:
    """The packets about whose biodata an office was asked, ever (`REQUEST_VALIDATION`)."""
    with _open(folder) as connection:
        waited = connection.execute("SELECT packet_id FROM stage_history WHERE stage = 'register' AND verdict = 'WAIT'")
        return frozenset(row[0] for row in waited)


def read_office(folder: Path) -> OfficeEvidence:
    told: dict[str, Counter[str]] = {kind: Counter() for kind in EntryKind}
    with _open(folder) as connection:
        packets = [row[0] for row in connection.execute("SELECT packet_id FROM exchange.packet")]
        seen: set[int] = set()
        for (data,) in connection.execute("SELECT data FROM exchange.feed_batch ORDER BY last"):
            batch: Any = cbor.decode(peek1(bytes(data), kind="rekam/feed").payload)
            for entry in batch["entries"]:
                body = cbor.decode(entry["body"])
                # a batch may overlap the one before; an entry is told once
                if entry["n"] not in seen and "packet_id" in body:
                    told[entry["kind"]][body["packet_id"]] += 1
                seen.add(entry["n"])
        return OfficeEvidence(Counter(packets), _sound(folder, packets), told)


def _open(folder: Path) -> "psycopg.Connection[Any]":
    return psycopg.connect((folder / "database.dsn").read_text())


def _sound(folder: Path, packets: list[str]) -> frozenset[str]:
    """The packets whose bytes on disk are what their names say."""
    found = set()
    for packet_id in packets:
        path = folder / "packets" / packet_id[:2] / packet_id
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == packet_id:
            found.add(packet_id)
    return frozenset(found)
