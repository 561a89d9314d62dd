"""Where a station keeps the legal time over a restart: beside the recordings, in their transaction (never 14)."""

from datetime import date
from typing import Final

from rekam.enrolment.identifiers import StationId
from rekam.enrolment.zones import zone_of_region
from rekam.station.store import StationStore
from rekam.trust import cbor
from rekam.trust.clock import Anchor, LegalClock, Stamp

__all__ = ["keep_anchor", "kept_anchor", "legal_day"]

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


def legal_day(legal: LegalClock, station: StationId) -> date:
    """Today by the legal time, in the zone of the station's region."""
    return legal.now().at.astimezone(zone_of_region(station)).date()
