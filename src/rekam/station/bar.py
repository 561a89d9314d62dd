"""The bottom bar of a station: `bar_state`."""

from dataclasses import replace
from datetime import timedelta

from rekam.station.station import Station
from rekam.station.views import age_seconds
from rekam.trust.clock import Clock
from rekam.web.probes import clock_off_ms
from rekam.web.site import BarState

__all__ = ["bar_state"]


def bar_state(station: Station, clock: Clock) -> BarState | None:
    """Connection, recordings that the office does not have, age of the oldest unsent; None before the first sign-in,
    when nothing is known.
    """
    if not station.is_open:
        return None
    unsent, since = station.here.line.outbox.unsent()
    age = age_seconds(clock, since)
    oldest = None if age is None else timedelta(seconds=age)
    unsent += len(station.here.lost_above.ids())
    now = station.here.legal.now()
    line = station.here.line.state
    legal = now.at if clock_off_ms(clock, now) else None
    state = BarState(line.reached(now.at), unsent, oldest, legal=legal, asking=not line.is_heard)
    known = station.here.filter.state()
    if known is None:
        return state
    return replace(state, filter_age=max(now.at.date() - known.as_of, timedelta()))
