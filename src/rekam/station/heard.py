"""How old the centre's word is that this station goes by: `heard_at`, `note_heard`."""

from datetime import UTC, datetime
from typing import Final

from rekam.station.store import StationStore
from rekam.storage.sqlite import EncryptedConnection

__all__ = ["heard_at", "note_heard"]

_SETTING: Final = "feed-heard"


def note_heard(tx: EncryptedConnection, at_ms: int) -> None:
    """The centre's own time of a batch that the caller's transaction applies, where none newer was applied."""
    tx.execute(
        "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        " WHERE excluded.value > value",
        (_SETTING, max(0, at_ms).to_bytes(8, "big")),
    )


def heard_at(store: StationStore) -> datetime | None:
    """When the centre signed the newest word that came here, over whatever way; None before the first."""
    kept = store.setting(_SETTING)
    return datetime.fromtimestamp(int.from_bytes(kept, "big") / 1000, UTC) if kept else None
