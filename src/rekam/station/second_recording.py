"""Does this body sit here a second time? The local 1:N search over this station's own recordings."""

import hashlib

from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.search import search
from rekam.abis.template_set import TemplateSet
from rekam.station.sitting import Sitting
from rekam.station.store import StationStore

__all__ = ["SecondRecording"]


class SecondRecording:
    """Keeps the templates of all recordings in memory; they stay in the store after the packets are purged."""

    def __init__(self, store: StationStore) -> None:
        self._store = store
        self._gallery = MemoryGallery()
        self._numbers: dict[bytes, tuple[str, str]] = {}

    def refresh(self) -> None:
        """Takes in what was recorded since the last call."""
        rows = self._store.rows(
            "SELECT packet_id, number, nik, templates FROM template JOIN recording USING (packet_id)"
            " ORDER BY template.rowid LIMIT -1 OFFSET ?",
            (len(self._numbers),),
        )
        for packet_id, number, nik, templates in rows:
            opaque = hashlib.sha256(packet_id.encode()).digest()[:16]
            self._gallery.append(opaque, TemplateSet.from_bytes(templates))
            self._numbers[opaque] = (number, nik)

    def numbers(self, sitting: Sitting) -> tuple[str, ...]:
        """Numbers of this station's recordings, of another NIK, that look like the person who sits here now."""
        self.refresh()
        found: dict[str, object] = {}
        for capture in sitting.captures.values():
            if capture.template is not None:
                found |= dict(TemplateSet.from_bytes(capture.template))
        if not found or not self._numbers:
            return ()
        probe = TemplateSet(found)  # type: ignore[arg-type]  # the values came out of template sets
        alike = [self._numbers[candidate.id] for candidate in search(probe, self._gallery)]
        return tuple(sorted(number for number, nik in alike if nik != sitting.nik))
