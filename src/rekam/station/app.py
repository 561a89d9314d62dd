"""The station's web application: its pages and its API over one `Station`."""

from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from rekam.enrolment.zones import WIB
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.link_file import LinkFile
from rekam.exchange.remembered import NumberTakenTwice, OlderThanKnown
from rekam.station.api import station_api
from rekam.station.courier import station_courier
from rekam.station.drafts import NothingCapturedYet, UnknownSitting
from rekam.station.health import station_probes
from rekam.station.pages import MENU, station_pages
from rekam.station.recordings import UnknownRecording
from rekam.station.sessions import Sessions
from rekam.station.station import Station, StationLocked
from rekam.station.unlock import TooManyAttempts, UnknownOperator
from rekam.station.views import age_seconds
from rekam.trust.clock import Clock
from rekam.trust.pin import WrongPin
from rekam.web.app import create_app
from rekam.web.courier.media import Media
from rekam.web.courier.pages import COURIER, courier_routes
from rekam.web.health import health_page
from rekam.web.i18n import Language, _, error_text, language
from rekam.web.link import LINK_TOOL, link_routes, with_link
from rekam.web.reconciling.page import RECONCILIATION, Reconciling, reconciliation_page
from rekam.web.site import BarState, Notice, Site

__all__ = ["create_station_app"]

_FOLDER: Final = Path(__file__).parent
_TOOLS: Final = (COURIER, RECONCILIATION)
_STATUSES: Final = {
    StationLocked: 423,
    WrongPin: 401,
    UnknownOperator: 401,
    TooManyAttempts: 429,
    UnknownSitting: 404,
    NothingCapturedYet: 404,
    UnknownRecording: 404,
    OlderThanKnown: 409,
    NumberTakenTwice: 409,
    SenderRevoked: 409,
}


def create_station_app(
    station: Station,
    clock: Clock,
    *,
    place: str,
    zone: timezone = WIB,
    media: Media | None = None,
    link: LinkFile | None = None,
    development: bool = False,
) -> FastAPI:
    """`place` is the line under the product's name, such as ``Stasiun 317401-01 Tebet``; `zone` its region's; `media`
    tells which sticks are plugged in, `link` holds how much is sent and when.
    """
    sessions = Sessions(clock)
    site = Site(
        kind="station",
        name="Rekam",
        place=place,
        zone=zone,
        clock=clock,
        identify=sessions.identify,
        menu=MENU,
        newest_notice=lambda: newest_notice(station),
        bar=lambda: bar_state(station, clock),
    )
    probes = with_link(partial(station_probes, station), link)
    system = health_page(probes, (*_TOOLS, *((LINK_TOOL,) if link else ())), sessions.require)
    links = [link_routes(link, sessions.require)] if link else []
    courier = courier_routes(
        lambda: station_courier(station.here, clock, station.ports.random), sessions.require, media or Media()
    )
    reconciling = Reconciling(lambda: station.here.accounts, lambda: station.here.office_accounts)
    return create_app(
        site,
        routers=[
            station_api(station, sessions, clock),
            system,
            courier,
            *links,
            reconciliation_page(reconciling, sessions.require),
            station_pages(station, sessions),
        ],
        templates=_FOLDER / "templates",
        assets=_FOLDER / "assets",
        statuses=_STATUSES,
        probes=probes,
        development=development,
    )


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


def newest_notice(station: Station) -> Notice | None:
    """The newest notice of the centre, also offline from the last feed."""
    trouble = station.here.past.trouble() if station.is_open else None
    if trouble is not None:
        return Notice(error_text(trouble), station.ports.clock.wall(), "danger")
    newest = station.here.notices.newest(1) if station.is_open else []
    if not newest:
        return None
    told = newest[0].text_en if language() is Language.ENGLISH else newest[0].text_id
    return Notice(_("Pengumuman %(n)s: %(told)s", n=newest[0].number, told=told), datetime.fromisoformat(newest[0].at))
