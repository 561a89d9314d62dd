"""Where a station keeps the legal time over a restart: beside the recordings, in their transaction (never 14)."""

from typing import Final

from rekam.station.store import StationStore
from rekam.trust import cbor
from rekam.trust.clock import Anchor, LegalClock, Stamp

__all__ = ["keep_anchor", "kept_anchor"]

_SETTING: Final = "legal-anchor"


def keep_anchor(store: StationStore, legal: LegalClock) -> None:
    """Durable when the caller's transaction is. Kept at each saving, so that no later paper has an earlier date."""
    anchor = legal.checkpoint()
    if anchor is not None:
        stamp = [anchor.stamp.boot_id, anchor.stamp.monotonic_ns, anchor.stamp.wall_ms]
        store.put_setting(_SETTING, cbor.encode([anchor.centre_ms, stamp]))


def kept_anchor(store: StationStore) -> Anchor | None:
    """What `LegalClock` starts from; None where no centre time was ever received."""
    kept = store.setting(_SETTING)
    if kept is None:
        return None
    centre_ms, (boot_id, monotonic_ns, wall_ms) = cbor.decode(kept)
    return Anchor(centre_ms, Stamp(boot_id, monotonic_ns, wall_ms))
