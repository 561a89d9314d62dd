"""Where the reading of a station's stored packets stands: `StationScrubBook` (port `storage.scrub.ScrubBook`)."""

from collections.abc import Sequence
from typing import Final

from rekam.station.store import StationStore
from rekam.storage.scrub import Damage
from rekam.trust import cbor

__all__ = ["StationScrubBook"]

_SETTING: Final = "scrub"


class StationScrubBook:
    """`ScrubBook` in the station's own store; `held` names the packets that must lie here."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def held(self, after: str, limit: int) -> list[str]:
        rows = self._store.rows(
            "SELECT packet_id FROM recording WHERE packet_id > ? AND going_at IS NULL ORDER BY packet_id LIMIT ?",
            (after, limit),
        )
        return [packet_id for (packet_id,) in rows]

    def position(self) -> str:
        return self._state()[0]

    def passes(self) -> int:
        return self._state()[1]

    def note(self, position: str, sound: Sequence[str], damaged: Sequence[Damage], *, finished: bool) -> None:
        passes = self.passes()
        after = "" if finished else position
        with self._store.tx() as tx:
            tx.executemany("DELETE FROM damage WHERE blob_id = ?", [(blob_id,) for blob_id in sound])
            tx.executemany(
                "INSERT INTO damage VALUES (?, ?) ON CONFLICT DO UPDATE SET code = excluded.code",
                [(each.blob_id, each.code) for each in damaged],
            )
            self._store.put_setting(_SETTING, cbor.encode([after, passes + finished]))

    def damaged(self) -> list[Damage]:
        return [Damage(*row) for row in self._store.rows("SELECT blob_id, code FROM damage ORDER BY blob_id")]

    def restored(self, blob_id: str) -> None:
        with self._store.tx() as tx:
            tx.execute("DELETE FROM damage WHERE blob_id = ?", (blob_id,))

    def _state(self) -> tuple[str, int]:
        kept = self._store.setting(_SETTING)
        position, passes = cbor.decode(kept) if kept else ("", 0)
        return position, passes
