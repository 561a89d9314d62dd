"""The office's web application: the exchange for its stations, and its staff's pages over one `Office`."""

from pathlib import Path

from fastapi import APIRouter, FastAPI

from rekam.exchange.account_http import accounts_router
from rekam.exchange.admission import refuse_withdrawn, stations_of
from rekam.exchange.corrections_http import corrections_router
from rekam.exchange.day_words import day_words_router
from rekam.exchange.http import exchange_router
from rekam.exchange.key_requests import key_requests_router
from rekam.exchange.letters_http import letters_router
from rekam.exchange.link_file import LinkFile
from rekam.exchange.remembered_http import remembered_router
from rekam.office import errors
from rekam.office.courier import office_courier
from rekam.office.health import office_probes
from rekam.office.office import Office
from rekam.office.own_past import OlderThanSaid
from rekam.office.parts import PARTS
from rekam.office.recovery_http import recovery_router
from rekam.storage.pool import answers
from rekam.web.app import create_app
from rekam.web.courier.media import Media
from rekam.web.courier.pages import COURIER, courier_routes
from rekam.web.health import health_page, system_entry
from rekam.web.i18n import Language, language
from rekam.web.link import LINK_TOOL, link_routes, with_link
from rekam.web.reconciling.page import RECONCILIATION, Reconciling, reconciliation_page
from rekam.web.site import Notice, Site
from rekam.web.staff.guard import require
from rekam.web.staff.store import StaffStore

__all__ = ["create_office_app"]

_TOOLS = (RECONCILIATION, *PARTS.tools, COURIER)
_STATUSES = {
    errors.NoBlanks: 409,
    errors.NotYetEligible: 409,
    errors.NoPrintOrder: 409,
    errors.OrderWithdrawn: 409,
    errors.CardWithheld: 409,
    errors.CardNotPrinted: 409,
    errors.PacketUnknown: 404,
    errors.AlarmUnknown: 404,
    OlderThanSaid: 409,
}


def create_office_app(
    office: Office,
    staff: StaffStore,
    *,
    media: Media | None = None,
    link: LinkFile | None = None,
    development: bool = False,
) -> FastAPI:
    """Everything an office serves, on one port: `/exchange` for stations, pages and `/api` for signed-in staff.

    `link` holds how much is sent to the centre and when; `media` tells which sticks are plugged in.
    """
    tools = (*_TOOLS, LINK_TOOL) if link else _TOOLS
    site = Site(
        kind="office",
        name="Rekam",
        place=office.name,
        zone=office.zone,
        clock=office.clock,
        menu=(*PARTS.menu, system_entry(tools)),
        newest_notice=lambda: _newest_notice(office),
    )
    probes = with_link(lambda: (*office_probes(office), *PARTS.probes(office)), link)
    links = [link_routes(link, require())] if link else []
    courier = courier_routes(lambda: office_courier(office), require(), media or Media())
    return create_app(
        site,
        routers=[
            *_desks(office),
            *PARTS.routers(office),
            health_page(probes, tools, require()),
            courier,
            reconciliation_page(Reconciling(lambda: office.accounts, lambda: office.centre_accounts), require()),
            *links,
        ],
        templates=Path(__file__).parent / "templates",
        assets=Path(__file__).parent / "assets",
        staff=staff,
        statuses={**_STATUSES, **PARTS.statuses},
        checks={"database": lambda: answers(office.pool)},
        probes=probes,
        development=development,
    )


def _desks(office: Office) -> tuple[APIRouter, ...]:
    """What the office's stations reach over the line, each request signed; whose key was withdrawn, only what a station
    without a valid key needs.
    """
    place, root, ours = office.id, office.root, stations_of(office.id)
    still = refuse_withdrawn(office.fences.fence_of)
    return (
        exchange_router(office.local(), place=place, root=root, may_send=ours, still=still),
        recovery_router(office),
        remembered_router(office.remember, place=place, root=root, may_ask=ours),
        letters_router(office.answer_letters, place=place, root=root, may_ask=ours, still=still),
        corrections_router(office.correction_answers.answer, place=place, root=root, may_ask=ours, still=still),
        accounts_router(office.accounts, root=root, may_ask=ours, still=still),
        day_words_router(office.day_words, place=place, root=root, may_ask=ours, still=still),
        key_requests_router(office.operator_keys, place=place, root=root, may_ask=ours, still=still),
    )


def _newest_notice(office: Office) -> Notice | None:
    newest = office.notices.newest(1)
    if not newest:
        return None
    said = newest[0]
    english = language() is Language.ENGLISH
    text, todo = (said.text_en, said.todo_en) if english else (said.text_id, said.todo_id)
    return Notice(f"{text} {todo}".strip(), said.at, "warning" if todo else "info")
