"""The centre's web application: the exchange for offices and portal, and its staff's pages over one `Centre`."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI

from rekam.centre.adjudication import AlreadyDecided, NotImpartial, UnknownAdjudication
from rekam.centre.card_ledger import country_sums
from rekam.centre.case import CaseVanished
from rekam.centre.casebook import UnknownCase
from rekam.centre.centre import PLACE, Centre
from rekam.centre.courier import centre_courier
from rekam.centre.front import Front
from rekam.centre.hand_out import hand_out_router
from rekam.centre.health import centre_probes
from rekam.centre.pages.notices import newest_notice
from rekam.centre.pages.roles import EXPERT, STAFF
from rekam.centre.parts import PARTS
from rekam.centre.recollection.http import recollection_router
from rekam.centre.records import NoSuchImage
from rekam.centre.twin.attendant import Seen
from rekam.centre.validation import NotWaiting
from rekam.exchange.account_http import accounts_router
from rekam.exchange.admission import any_office_or_station, refuse_withdrawn
from rekam.exchange.http import exchange_router
from rekam.exchange.log_http import log_router
from rekam.exchange.parts import StoredParts
from rekam.exchange.remote import LocalRemote
from rekam.exchange.statements_http import statements_router
from rekam.exchange.sums import Sum, Term
from rekam.exchange.witness_http import witness_router
from rekam.trust.clock import Clock
from rekam.web.app import create_app
from rekam.web.courier.media import Media
from rekam.web.courier.pages import COURIER, courier_routes
from rekam.web.health import Probe, health_page, system_entry
from rekam.web.reconciling.page import RECONCILIATION, Reconciling, reconciliation_page
from rekam.web.site import Site
from rekam.web.staff.guard import require
from rekam.web.staff.store import StaffStore

__all__ = ["create_centre_app"]

_HERE = Path(__file__).parent
_TOOLS = (RECONCILIATION, COURIER, *PARTS.tools)
_MENU = (*PARTS.menu, system_entry(_TOOLS, frozenset({EXPERT, STAFF})))
_STATUSES = {
    UnknownCase: 404,
    CaseVanished: 404,
    NoSuchImage: 404,
    UnknownAdjudication: 404,
    NotImpartial: 403,
    AlreadyDecided: 409,
    NotWaiting: 409,
}


def create_centre_app(
    centre: Centre,
    staff: StaffStore,
    clock: Clock,
    *,
    media: Media | None = None,
    twin: Callable[[], Seen] = Seen,
    development: bool = False,
) -> FastAPI:
    """Everything the centre serves, on one port. `twin` tells how it stands with the recovery twin."""
    site = Site(
        kind="centre",
        name="Rekam",
        place="Pusat Data Kependudukan",
        clock=clock,
        menu=_MENU,
        newest_notice=lambda: newest_notice(centre),
    )
    still = refuse_withdrawn(centre.fences.fence_of)
    exchange = exchange_router(
        LocalRemote(centre.inbox, centre.feed, StoredParts(centre.parts, PLACE)),
        place=PLACE,
        root=centre.root,
        may_send=any_office_or_station,
        still=still,
    )
    front = Front(centre, twin)
    system = health_page(partial(_probes, front), _TOOLS, require(EXPERT, STAFF))
    courier = courier_routes(lambda: centre_courier(centre), require(STAFF), media or Media())
    reconciling = Reconciling(lambda: centre.accounts, overall=partial(_received, centre))
    return create_app(
        site,
        routers=[
            exchange,
            hand_out_router(centre, place=PLACE),
            recollection_router(centre.recollection, place=PLACE, root=centre.root),
            statements_router(centre.statements, place=PLACE, root=centre.root),
            log_router(centre.log),
            accounts_router(centre.accounts, root=centre.root, may_ask=any_office_or_station, still=still),
            witness_router(centre.cosignatures, centre.witnesses, place=PLACE, root=centre.root),
            _state(centre),
            reconciliation_page(reconciling, require(EXPERT, STAFF)),
            system,
            courier,
            *PARTS.routers(front),
        ],
        templates=_HERE / "templates",
        assets=_HERE / "assets",
        staff=staff,
        statuses={**_STATUSES, **PARTS.statuses},
        probes=partial(_probes, front),
        development=development,
    )


def _probes(front: Front) -> Sequence[Probe]:
    return (*centre_probes(front.centre), *PARTS.probes(front))


def _received(centre: Centre) -> tuple[Sum, ...]:
    """Never 10, from the counts: the whole account of the country is too much for a page."""
    counts = centre.counts()
    parts = (
        (Term.IN_STAGE, counts.in_stage),
        (Term.DONE, counts.done),
        (Term.REJECTED, counts.rejected),
        (Term.QUARANTINED, counts.quarantined),
    )
    return Sum(Term.RECEIVED, counts.received, parts), *country_sums(centre.pool)


def _state(centre: Centre) -> APIRouter:
    router = APIRouter(prefix="/api")

    @router.get("/state")
    def state() -> dict[str, Any]:
        """How many packets are where; tells nothing about residents (never 10)."""
        counts = centre.counts()
        return {
            "received": counts.received,
            "in_stage": counts.in_stage,
            "done": counts.done,
            "rejected": counts.rejected,
            "quarantined": counts.quarantined,
            "waiting": counts.waiting,
            "adds_up": counts.adds_up,
        }

    return router
