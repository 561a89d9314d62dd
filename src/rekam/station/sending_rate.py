"""How fast the outbox empties, as measured by the receipts of the last minutes: `SendingRate`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rekam.station.store import StationStore

__all__ = ["SendingRate", "measured_rate"]

WINDOW: Final = timedelta(minutes=5)
_FEWEST: Final = 3
_SHORTEST: Final = timedelta(seconds=5)


@dataclass(frozen=True)
class SendingRate:
    """`packets` of `size` bytes were confirmed one by one within `span`."""

    packets: int
    size: int
    span: timedelta

    def per_minute(self) -> float:
        """Packets."""
        return self.packets / (self.span / timedelta(minutes=1))

    def time_for(self, size: int) -> timedelta:
        """How long so many bytes take if it goes on like this."""
        return self.span * (size / self.size)


def measured_rate(store: StationStore, now: datetime) -> SendingRate | None:
    """None where too little was sent lately to say anything; what a roll call confirmed was not sent just then."""
    row = store.row(
        "SELECT count(*), sum(size), min(custody_at) FROM recording WHERE custody_at >= ? AND custody_roll IS NULL",
        ((now - WINDOW).isoformat(timespec="seconds"),),
    )
    packets, size, first = row or (0, None, None)
    if packets < _FEWEST or not size:
        return None
    span = now - datetime.fromisoformat(first)
    return SendingRate(packets, size, span) if span >= _SHORTEST else None
