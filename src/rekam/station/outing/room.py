"""How many more recordings fit on this disk: `Room`."""

from dataclasses import dataclass
from typing import Final

from rekam.station.ports import Ports
from rekam.station.store import StationStore

__all__ = ["Room", "room_left"]

_HEADROOM: Final = 64 << 20
"""What a new sitting asks for (`station.saving`)."""
_ASSUMED: Final = 1_500_000
"""Bytes of one recording before there is one to measure: a packet of 14 images and its row [inf]."""
_ROW: Final = 64 << 10
"""Templates, indexes and journal beside packet and summary [inf]."""
_MEASURED: Final = 50


@dataclass(frozen=True)
class Room:
    """`free`: bytes above the reserve; `each`: what a recording takes, measured by the newest ones."""

    free: int
    each: int

    @property
    def recordings(self) -> int:
        return max(0, self.free // self.each)


def room_left(ports: Ports, store: StationStore) -> Room:
    """Now."""
    free = ports.disk.free_bytes(ports.folder) - ports.reserve_bytes - _HEADROOM
    row = store.row(
        "SELECT avg(size + length(summary)) FROM (SELECT size, summary FROM recording ORDER BY rowid DESC LIMIT ?)",
        (_MEASURED,),
    )
    return Room(max(0, free), int((row or (None,))[0] or _ASSUMED) + _ROW)
