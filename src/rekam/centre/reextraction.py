"""The gallery's templates made anew after the engine changed: `Reextraction`.

Each record's new templates are committed by themselves, so a kill costs one record. The old ones stay in their rows and
files. A worker takes the new generation into use once every record has it, and lets searches wait until then.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rekam.abis.engine import Engine
from rekam.abis.kinds import agree, all_of, edition
from rekam.abis.reextraction import Report, re_extract
from rekam.abis.template_set import TemplateSet
from rekam.centre.case import open_case
from rekam.centre.sql import QUERIES
from rekam.centre.templates import searchable_images
from rekam.centre.vault import Vault
from rekam.storage.blobs import BlobStore
from rekam.storage.pool import Pool

__all__ = ["Outcome", "Reextraction"]


@dataclass(frozen=True)
class Outcome:
    """How many records have templates of `edition` now; `less` says by packet number which slots a record lost, and
    why (the code of an error).
    """

    edition: str
    report: Report
    less: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class _Entry:
    packet_id: str
    number: str
    first: str
    made: str | None


class Reextraction:
    """Old templates, images and new templates of one centre, as `abis.reextraction` asks for them."""

    def __init__(self, pool: Pool, packets: BlobStore, vault: Vault, engine: Engine) -> None:
        self._pool = pool
        self._packets = packets
        self._vault = vault
        self._engine = engine
        self._edition = edition(engine.kinds)
        self._entries: dict[bytes, _Entry] = {}

    def run(self, progress: Callable[[int, int], None]) -> Outcome:
        """Makes what is missing; may be run again after a kill, beside a running centre, and beside itself."""
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.gallery_editions, {"edition": self._edition}).fetchall()
        self._entries = {row[0].bytes: _Entry(*row[1:]) for row in rows}
        report = re_extract(_Old(self), self, self._engine, self, progress)
        less = {self._entries[id_].number: slots for id_, slots in report.lost.items()}
        return Outcome(self._edition, report, less)

    def ids(self) -> tuple[bytes, ...]:
        return tuple(self._entries)

    def __contains__(self, id_: object) -> bool:
        if not isinstance(id_, bytes) or (entry := self._entries.get(id_)) is None:
            return False
        return entry.made is not None or agree(all_of([self.first(id_)]), self._engine.kinds)

    def images(self, id_: bytes) -> Mapping[str, bytes]:
        case = open_case(self._pool.connection, self._entries[id_].packet_id, self._packets, self._vault)
        return searchable_images(case)

    def append(self, id_: bytes, templates: TemplateSet) -> None:
        entry = self._entries[id_]
        blob = self._vault.put(templates.to_bytes(), f"gallery/{entry.packet_id}")
        row = {"gallery_id": uuid.UUID(bytes=id_), "edition": self._edition, "blob": blob}
        with self._pool.connection() as connection:
            connection.execute(QUERIES.keep_gallery_templates, row)
        self._entries[id_] = _Entry(entry.packet_id, entry.number, entry.first, blob)

    def first(self, id_: bytes) -> TemplateSet:
        """The templates with which the record came into the gallery."""
        return self._opened(id_, self._entries[id_].first)

    def get(self, id_: bytes) -> TemplateSet:
        return self._opened(id_, self._entries[id_].made or self._entries[id_].first)

    def flush(self) -> None:
        """Every append was committed by itself."""

    def _opened(self, id_: bytes, blob: str) -> TemplateSet:
        return TemplateSet.from_bytes(self._vault.get(blob, f"gallery/{self._entries[id_].packet_id}"))


class _Old:
    """The records as they came into the gallery."""

    def __init__(self, entries: Reextraction) -> None:
        self._entries = entries

    def ids(self) -> tuple[bytes, ...]:
        return self._entries.ids()

    def get(self, id_: bytes) -> TemplateSet:
        return self._entries.first(id_)
