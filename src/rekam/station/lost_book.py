"""What the office is known to have lost, in the station's own store: `StationLostBook`."""

from typing import Final

from rekam.station.store import StationStore
from rekam.trust.roll_call import ids_from_bytes, ids_to_bytes

__all__ = ["StationLostBook"]

_SETTING: Final = "lost-above"


class StationLostBook:
    """`LostBook` (`rekam.exchange.courier.lost_above`): a station is switched off between two trips."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def ids(self) -> frozenset[str]:
        """See `LostBook`."""
        return frozenset(ids_from_bytes(self._store.setting(_SETTING) or b""))

    def note(self, ids: frozenset[str]) -> None:
        """See `LostBook`."""
        self._store.put_setting(_SETTING, ids_to_bytes(sorted(ids)))
