"""Does this body sit here a second time? The local 1:N search over this station's own recordings."""

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import structlog

from rekam.abis.errors import AbisError
from rekam.abis.spread import Map
from rekam.abis.template_set import Template, TemplateSet
from rekam.station.sitting import Sitting
from rekam.station.store import StationStore

if TYPE_CHECKING:
    from rekam.abis.shortlist import Shortlist

__all__ = ["Progress", "SecondRecording", "templates_of"]

_SETTING: Final = "shortlist"
_UNREADABLE: Final = "unreadable"
_READ_AT_ONCE, _MADE_AT_ONCE = 500, 10
"""Rows of one step: a page that waits for the store meanwhile waits some hundredths of a second."""
_AT_ONCE: Final = 20
"""Steps that a search takes by itself before it says "still loading": what a station's first months recorded."""
_BEFORE_SAVING: Final = 400
"""Steps that saving waits for: 200,000 recordings read, or 4,000 made ready for the first time. Then it goes on."""
_REMEMBERED: Final = 64
_ID_BYTES: Final = 32

_log = structlog.get_logger("rekam.station")


@dataclass(frozen=True)
class Progress:
    """How many of the recordings can be searched by now; `other` were made by another extractor and never can be."""

    here: int
    total: int
    other: int

    @property
    def complete(self) -> bool:
        return self.here + self.other >= self.total


class SecondRecording:
    """Holds two kilobytes of every recording in memory (`Shortlist`), taken in step by step after the store was opened;
    the templates themselves stay in the encrypted store, where those of the few likeliest people are read.
    """

    def __init__(self, store: StationStore, each: Map = map) -> None:
        self._store = store
        self._each = each
        self._packets = bytearray()  # 32 bytes a row: a hundred thousand texts would be 12 MB
        self._read_to = self._known_to = self._other = 0
        self._missing: list[str] | None = None
        self._searched: dict[str, bytes] = {}
        self._lock = threading.Lock()

    @cached_property
    def _shortlist(self) -> "Shortlist":
        """With the engine, which is loaded after the store was opened (ADR 0046)."""
        from rekam.abis.shortlist import Shortlist

        return Shortlist(self._each)

    @cached_property
    def _of_today(self) -> frozenset[str]:
        from rekam.abis.engine import Engine
        from rekam.abis.kinds import edition

        return frozenset(edition(Engine().kinds).split(", ")) | {""}

    def step(self) -> bool:
        """Takes in some recordings; whether there are more. Safe to call from several threads."""
        with self._lock:
            self._forget_other_versions()
            rows = self._store.rows(
                "SELECT position, packet_id, kinds, row FROM shortlist WHERE position > ? ORDER BY position LIMIT ?",
                (self._read_to, _READ_AT_ONCE),
            )
            if rows:
                self._take([(packet_id, kinds, row) for _, packet_id, kinds, row in rows])
                self._read_to = rows[-1][0]
                return True
            return self._make_some()

    def progress(self) -> Progress:
        total = self._store.rows("SELECT count(*) FROM template")[0][0]
        return Progress(len(self._packets) // _ID_BYTES, total, self._other)

    def numbers(self, sitting: Sitting, *, saving: bool = False) -> tuple[str, ...] | None:
        """Numbers of this station's recordings, of another NIK, that look like the person who sits here now; None where
        not all of them are here yet to be searched. Before saving it waits longer for them.
        """
        probe = templates_of(sitting)
        if not probe:
            return ()
        for _ in range(_BEFORE_SAVING if saving else _AT_ONCE):
            if not self.step():
                found = tuple(sorted(self._found(probe, sitting.nik)))
                self._remember(sitting)
                return found
        return None

    def is_searched(self, sitting: Sitting) -> bool:
        """Whether everything captured so far was searched since this station was opened."""
        return not templates_of(sitting) or self._searched.get(sitting.sitting_id) == _digest(sitting)

    def _remember(self, sitting: Sitting) -> None:
        self._searched.pop(sitting.sitting_id, None)
        self._searched[sitting.sitting_id] = _digest(sitting)
        if len(self._searched) > _REMEMBERED:
            del self._searched[next(iter(self._searched))]

    def _found(self, probe: TemplateSet, own: str) -> Iterable[str]:
        from rekam.abis.gallery_memory import MemoryGallery
        from rekam.abis.search import search

        gallery = MemoryGallery()
        likeliest = {row.to_bytes(16, "big"): self._packet(row) for row in self._shortlist.likeliest(probe)}
        for name, packet_id in likeliest.items():
            (stored,) = self._store.rows("SELECT templates FROM template WHERE packet_id = ?", (packet_id,))[0]
            gallery.append(name, TemplateSet.from_bytes(stored))
        if not likeliest:
            return
        for candidate in search(probe, gallery, among=len(self._shortlist)):
            found = self._store.row("SELECT number, nik FROM recording WHERE packet_id = ?", (likeliest[candidate.id],))
            if found is not None and found[1] != own:
                yield found[0]

    def _take(self, rows: list[tuple[str, str, bytes]]) -> None:
        """Rows of other extractors than today's are left out: no comparison with them says anything."""
        fitting = [(packet_id, row) for packet_id, kinds, row in rows if set(kinds.split(", ")) <= self._of_today]
        # first: who searches meanwhile finds every row's name
        self._packets += b"".join(bytes.fromhex(packet_id) for packet_id, _ in fitting)
        self._shortlist.add(b"".join(row for _, row in fitting))
        self._other += len(rows) - len(fitting)

    def _packet(self, row: int) -> str:
        return self._packets[row * _ID_BYTES : (row + 1) * _ID_BYTES].hex()

    def _make_some(self) -> bool:
        if self._missing is None:
            self._known_to = self._store.rows("SELECT coalesce(max(rowid), 0) FROM template")[0][0]
            self._missing = [
                packet_id
                for (packet_id,) in self._store.rows(
                    "SELECT packet_id FROM template EXCEPT SELECT packet_id FROM shortlist"
                )
            ]
        if not self._missing:
            new = self._store.rows(
                "SELECT rowid, packet_id FROM template WHERE rowid > ? ORDER BY rowid LIMIT ?",
                (self._known_to, _READ_AT_ONCE),
            )
            if not new:
                return False
            self._known_to, self._missing = new[-1][0], [packet_id for _, packet_id in new]
        now, self._missing = self._missing[:_MADE_AT_ONCE], self._missing[_MADE_AT_ONCE:]
        made = [(packet_id, *self._made(packet_id)) for packet_id in now]
        with self._store.tx() as tx:
            tx.executemany("INSERT OR IGNORE INTO shortlist (packet_id, kinds, row) VALUES (?, ?, ?)", made)
        return True

    def _made(self, packet_id: str) -> tuple[str, bytes]:
        from rekam.abis.kinds import edition, joined
        from rekam.abis.shortlist import row_of

        (stored,) = self._store.rows("SELECT templates FROM template WHERE packet_id = ?", (packet_id,))[0]
        try:
            templates = TemplateSet.from_bytes(stored)
            return edition(joined({}, templates)), row_of(templates)
        except AbisError as error:  # one that cannot be read keeps no other from being searched
            _log.error("templates cannot be searched", packet_id=packet_id, found=error.code)
            return _UNREADABLE, b""

    def _forget_other_versions(self) -> None:
        from rekam.abis.shortlist import ROW_VERSION

        version = str(ROW_VERSION).encode()
        if self._missing is None and self._read_to == 0 and self._store.setting(_SETTING) != version:
            with self._store.tx() as tx:
                tx.execute("DELETE FROM shortlist")
                self._store.put_setting(_SETTING, version)


def templates_of(sitting: Sitting) -> TemplateSet:
    """What was extracted of the person who sits here, good or weak."""
    found: dict[str, Template] = {}
    for capture in sitting.captures.values():
        if capture.template is not None:
            found |= dict(TemplateSet.from_bytes(capture.template))
    return TemplateSet(found)


def _digest(sitting: Sitting) -> bytes:
    whole = hashlib.sha256()
    for slot, capture in sorted(sitting.captures.items()):
        whole.update(f"{slot}:".encode() + hashlib.sha256(capture.template or b"").digest())
    return whole.digest()
