"""Who is in the gallery, and which packet each opaque id came from: `Registry`."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import structlog
from psycopg import Connection

from rekam.abis.arrangement import Arrangement
from rekam.abis.engine import Engine
from rekam.abis.errors import GalleryInUse
from rekam.abis.kinds import agree, all_of, edition
from rekam.abis.template_set import TemplateSet
from rekam.abis.verdict import Verdict as Likeness
from rekam.centre.case import Case
from rekam.centre.pipeline import StageElsewhere
from rekam.centre.sql import QUERIES
from rekam.centre.templates import current_templates
from rekam.centre.vault import Vault
from rekam.centre.verdict import Effect

if TYPE_CHECKING:
    from rekam.abis.gallery_port import GalleryPort

__all__ = ["Found", "GalleryOutdated", "Registry", "Rows"]

log = structlog.get_logger()

Rows = Callable[..., list[Any]]
"""All rows of one of the centre's named queries, as `Case.rows`."""


class GalleryOutdated(StageElsewhere):
    """The gallery holds templates of another extractor ({found}) than this centre makes now ({wanted}). Searches wait,
    everything else goes on. Run `rekam centre re-extract`; the searches go on by themselves once it is done.
    """


@dataclass(frozen=True)
class Found:
    """A record that was compared with the probe: how alike (a log-likelihood ratio), what that
    means, and which of its samples lie in other slots than the probe's.
    """

    packet_id: str
    llr: float
    likeness: Likeness
    arrangement: Arrangement = field(default_factory=Arrangement)


class Registry:
    """The gallery of one worker, kept equal to the `gallery_entry` table: the table is the truth, the gallery's
    files an index that can be rebuilt from the vault at any time.
    """

    def __init__(self, engine: Engine, open_gallery: "Callable[[], GalleryPort]", vault: Vault) -> None:
        self._engine = engine
        self._open_gallery = open_gallery
        self._vault = vault
        self._position = 0
        self._told = False

    @cached_property
    def _gallery(self) -> "GalleryPort":
        try:
            return self._open_gallery()
        except GalleryInUse as held:
            raise StageElsewhere(what="gallery") from held

    def close(self) -> None:
        """Lets the gallery go, so that another worker may have it."""
        if "_gallery" in self.__dict__:
            self._gallery.close()
            del self._gallery
            self._position = 0

    def refresh(self, rows_of: Rows) -> int:
        """Takes in the entries that were committed since the last call; returns how many. Also the recovery:
        at the first call everything is compared, and what the files lack is appended.

        Raises `GalleryOutdated` where a record has no templates of the engine in use yet.
        """
        known = set(self._gallery.ids()) if self._position == 0 else set()
        rows = rows_of("gallery_since", position=self._position, edition=edition(self._engine.kinds))
        for position, gallery_id, packet_id, _, blob in rows:
            if gallery_id.bytes not in known:
                templates = TemplateSet.from_bytes(self._vault.get(blob, f"gallery/{packet_id}"))
                self._require_current(templates)
                self._gallery.append(gallery_id.bytes, templates)
            self._position = position
        if known:
            for stray in known - {row[1].bytes for row in rows}:
                self._gallery.tombstone(stray)
        if rows:
            self._gallery.flush()
        return len(rows)

    def probe(self, case: Case) -> TemplateSet:
        """The case's templates, of the extractors that the gallery holds."""
        return current_templates(self._engine, case)

    def _require_current(self, templates: TemplateSet) -> None:
        found = all_of([templates])
        if not agree(found, self._engine.kinds):
            outdated = GalleryOutdated(found=edition(found), wanted=edition(self._engine.kinds))
            if not self._told:
                log.warning("searches wait", told=str(outdated))
            self._told = True
            raise outdated

    def compare_with_own(self, case: Case, probe: TemplateSet) -> Found | None:
        """1:1 against the records of the same NIK; None when this is its first.

        Of those that stand, the closest: they are one person's. Where none stands yet, the least alike of the open
        ones: were one of them a stranger's, the stranger must not be let through by likeness to himself. A record
        that was judged to be somebody else's is compared with nobody.
        """
        standing = self._compare("standing_of_nik", case, probe)
        if standing:
            return max(standing, key=lambda one: one.llr)
        return min(self._compare("open_of_nik", case, probe), key=lambda one: one.llr, default=None)

    def closest_other(self, case: Case, probe: TemplateSet) -> Found | None:
        """1:N against everybody but the same NIK, and but its known doubles: the closest one that is at least
        adjudicable.
        """
        own = {row[0].bytes for query in ("earlier_of_nik", "doubles_of_nik") for row in _of_nik(query, case)}
        here = case.row("in_gallery")
        if here is not None:
            own.add(here[0].bytes)
        from rekam.abis.search import search  # compiled; only a worker searches (ADR 0046)

        candidates = search(probe, self._gallery, exclude=own)
        if not candidates:
            return None
        closest = candidates[0]
        packet_id, _ = case.row("packet_of_gallery_id", gallery_id=uuid.UUID(bytes=closest.id)) or (None, None)
        return Found(str(packet_id), closest.llr, closest.verdict, closest.arrangement)

    def enter(self, case: Case, templates: TemplateSet) -> Effect:
        """The probe becomes part of the gallery when the stage commits, and not before."""
        blob = self._vault.put(templates.to_bytes(), f"gallery/{case.packet_id}")
        row = {"gallery_id": uuid.uuid4(), "packet_id": case.packet_id, "nik_hash": case.facts.nik_hash, "blob": blob}

        def commit(tx: Connection[Any]) -> None:
            tx.execute(QUERIES.add_to_gallery, row)

        return commit

    def _compare(self, query: str, case: Case, probe: TemplateSet) -> list[Found]:
        return [
            Found(packet_id, comparison.llr, comparison.verdict, comparison.arrangement)
            for gallery_id, packet_id in _of_nik(query, case)
            for comparison in [self._engine.compare(probe, self._gallery.get(gallery_id.bytes))]
        ]


def _of_nik(query: str, case: Case) -> list[Any]:
    return case.rows(query, nik_hash=case.facts.nik_hash)
