"""The station's web application: its pages and its API over one `Station`."""

from datetime import datetime, timedelta

from fastapi import APIRouter, FastAPI

from rekam.station.api import station_api
from rekam.station.drafts import UnknownSitting
from rekam.station.recordings import UnknownRecording
from rekam.station.sessions import Sessions
from rekam.station.station import Station, StationLocked
from rekam.station.unlock import TooManyAttempts, UnknownOperator
from rekam.station.views import age_seconds
from rekam.trust.clock import Clock
from rekam.trust.pin import WrongPin
from rekam.web.app import create_app
from rekam.web.site import BarState, Notice, Site

__all__ = ["create_station_app"]

_STATUSES = {
    StationLocked: 423,
    WrongPin: 401,
    UnknownOperator: 401,
    TooManyAttempts: 429,
    UnknownSitting: 404,
    UnknownRecording: 404,
}


def create_station_app(station: Station, clock: Clock, *, place: str, development: bool = False) -> FastAPI:
    """`place` is the line under the product's name, such as ``Stasiun 317401-01 Tebet``."""
    sessions = Sessions(clock)
    site = Site(
        kind="station",
        name="Rekam",
        place=place,
        clock=clock,
        identify=sessions.identify,
        newest_notice=lambda: newest_notice(station),
        bar=lambda: bar_state(station, clock),
    )
    routers: list[APIRouter] = [station_api(station, sessions, clock)]
    return create_app(site, routers=routers, statuses=_STATUSES, development=development)


def bar_state(station: Station, clock: Clock) -> BarState:
    """Connection, unsent recordings, age of the oldest; before the first sign-in nothing is known."""
    if not station.is_open:
        return BarState(connected=False, unsent=0)
    unsent, since = station.here.line.outbox.unsent()
    age = age_seconds(clock, since)
    return BarState(station.here.line.state.connected, unsent, None if age is None else timedelta(seconds=age))


def newest_notice(station: Station) -> Notice | None:
    """The newest notice of the centre, also offline from the last feed."""
    if not station.is_open:
        return None
    row = station.here.store.row("SELECT number, at, text_id FROM notice ORDER BY number DESC LIMIT 1")
    return Notice(f"Pengumuman {row[0]}: {row[2]}", datetime.fromisoformat(row[1])) if row else None
