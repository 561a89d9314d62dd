"""The bottom bar of a station: `bar_state`."""

from datetime import timedelta

from rekam.station.station import Station
from rekam.station.views import age_seconds
from rekam.trust.clock import Clock
from rekam.web.site import BarState

__all__ = ["bar_state"]


def bar_state(station: Station, clock: Clock) -> BarState | None:
    """Connection, unsent recordings, age of the oldest; None before the first sign-in, when nothing is known."""
    if not station.is_open:
        return None
    unsent, since = station.here.line.outbox.unsent()
    age = age_seconds(clock, since)
    oldest = None if age is None else timedelta(seconds=age)
    known = station.here.filter.state()
    if known is None:
        return BarState(station.here.line.state.connected, unsent, oldest)
    filter_age = max(station.here.legal.now().at.date() - known.as_of, timedelta())
    edition = f"{known.edition}.{known.delta}"
    return BarState(station.here.line.state.connected, unsent, oldest, edition, filter_age)
