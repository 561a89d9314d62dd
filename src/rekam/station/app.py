"""The station's web application: its pages and its API over one `Station`."""

from collections.abc import Callable, Sequence
from datetime import timezone
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request

from rekam.enrolment.zones import WIB
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.link_file import LinkFile
from rekam.exchange.remembered import NumberTakenTwice, OlderThanKnown
from rekam.station.bar import bar_state
from rekam.station.courier import station_courier
from rekam.station.drafts import NothingCapturedYet, UnknownSitting
from rekam.station.front import STAFF, Front
from rekam.station.health import station_probes
from rekam.station.pages.detours import detours
from rekam.station.pages.notices import newest_notice, notices_to_read
from rekam.station.parts import PARTS
from rekam.station.pin_guesses import TooManyAttempts
from rekam.station.recordings import UnknownRecording
from rekam.station.sessions import Sessions
from rekam.station.station import Station, StationLocked
from rekam.station.unlock import LockedOut, NotCertifiedYet, OperatorBarred, UnknownOperator
from rekam.trust.clock import Clock
from rekam.trust.pin import WrongPin
from rekam.web.app import create_app
from rekam.web.courier.media import Media
from rekam.web.courier.pages import COURIER, courier_routes
from rekam.web.health import Probe, health_page, system_entry
from rekam.web.i18n import Language
from rekam.web.link import LINK_TOOL, link_routes, with_link
from rekam.web.reconciling.page import RECONCILIATION, Reconciling, reconciliation_page
from rekam.web.site import Site

__all__ = ["create_station_app"]

_FOLDER: Final = Path(__file__).parent
_STATUSES: Final = {
    StationLocked: 423,
    WrongPin: 401,
    UnknownOperator: 401,
    TooManyAttempts: 429,
    LockedOut: 423,
    OperatorBarred: 401,
    NotCertifiedYet: 401,
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
    front = Front(station, Sessions(clock), clock)
    station.key_ended = front.sessions.end_all
    guard = front.sessions.require
    tools = (COURIER, RECONCILIATION, *PARTS.tools, *([LINK_TOOL] if link else ()))
    site = Site(
        kind="station",
        name="Rekam",
        place=place,
        zone=zone,
        clock=clock,
        identify=front.sessions.identify,
        covered=front.sessions.covered,
        menu=(*PARTS.menu, system_entry(tools, STAFF)),
        newest_notice=lambda: newest_notice(station),
        bar=lambda: bar_state(station, clock),
        keep_language=lambda request, chosen: _keep_language(front, request, chosen),
        scripts=("station/lock.js",),
        to_read=lambda request: notices_to_read(front, request),
    )
    probes = with_link(lambda: _probes(front), link)
    courier = courier_routes(
        lambda: station_courier(station.here, clock, station.ports.random, key_stop=station.take_stop),
        guard,
        media or Media(),
    )
    reconciling = Reconciling(lambda: station.here.accounts, lambda: station.here.office_accounts)
    app = create_app(
        site,
        routers=[
            *PARTS.routers(front),
            courier,
            health_page(probes, tools, guard),
            *([link_routes(link, guard)] if link else ()),
            reconciliation_page(reconciling, guard),
        ],
        templates=_FOLDER / "templates",
        assets=_FOLDER / "assets",
        statuses={**_STATUSES, **PARTS.statuses},
        probes=probes,
        watches=[_noting_hands(front)],
        development=development,
    )
    detours(app, front)
    return app


def _noting_hands(front: Front) -> Callable[[Request], None]:
    """Whoever changes a sitting is noted with it, whatever page or API the change came by."""

    def note(request: Request) -> None:
        sitting_id = request.path_params.get("sitting_id")
        if sitting_id and request.method == "POST" and front.station.is_open:
            screen = front.sessions.identify(request)
            if screen is not None:
                front.station.here.hands.note(sitting_id, screen.unlocked.operator.subject)

    return note


def _keep_language(front: Front, request: Request, chosen: Language) -> None:
    """Nobody is signed in on the first page: then this browser alone remembers."""
    screen = front.sessions.identify(request)
    if screen is not None:
        front.station.here.languages.keep(screen.unlocked.operator.subject, chosen.value)


def _probes(front: Front) -> Sequence[Probe]:
    """Before the first sign-in the parts have nothing to look at."""
    own = station_probes(front.station)
    return (*own, *PARTS.probes(front)) if front.station.is_open else own
