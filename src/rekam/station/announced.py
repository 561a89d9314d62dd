"""What the feed announced to a station, in its encrypted store: `StationAnnounced`, `note`."""

from collections.abc import Sequence

from rekam.exchange.announced import Announced
from rekam.exchange.parts import Part
from rekam.station.store import StationStore
from rekam.storage.sqlite import EncryptedConnection

__all__ = ["StationAnnounced", "note"]


def note(tx: EncryptedConnection, announced: Announced) -> bool:
    """Note a version in the caller's transaction; whether it was news (never 18)."""
    higher = "SELECT 1 FROM announced WHERE name = ? AND version >= ?"
    news = tx.execute(higher, (announced.name, announced.version)).fetchone() is None
    if news:
        row = (announced.name, announced.version, announced.part.id, announced.part.size)
        tx.execute("INSERT INTO announced VALUES (?, ?, ?, ?)", row)
    return news


class StationAnnounced:
    """`AnnouncedStore` of a station."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def known(self) -> Sequence[Announced]:
        rows = self._store.rows("SELECT name, version, part, size FROM announced ORDER BY name, version")
        return [Announced(name, version, Part(part, size)) for name, version, part, size in rows]
