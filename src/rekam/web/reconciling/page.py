"""`/reconciliation`: what this place counts, what does not add up and what to do, and another's account against it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, File, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from rekam.enrolment.errors import RekamError
from rekam.exchange.account_desk import AccountDesk
from rekam.exchange.account_file import LIMIT_BYTES, MEDIA_TYPE, SUFFIX
from rekam.exchange.account_http import AccountRemote
from rekam.exchange.sums import Sum, card_sums, sums_of
from rekam.web.health import Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.reconciling.asking import against_above, against_account, against_received
from rekam.web.reconciling.report import Report, report_on
from rekam.web.reconciling.view import bar_of, below_of, told
from rekam.web.reconciling.words import place_words, term_words

__all__ = ["RECONCILIATION", "Reconciling", "reconciliation_page"]

RECONCILIATION: Final = Tool(
    "/reconciliation",
    N_("Pencocokan"),
    N_("Hitung setiap rekaman sampai ke paketnya, dan cocokkan dengan tempat lain."),
)
"""For the list of tools on a place's `/system`."""


@dataclass(frozen=True)
class Reconciling:
    """What the page stands on. `above`: where the place above is asked, None where there is none or no way to it;
    `overall`: the place's own sums where its whole account is too much for a page (the centre's), else None.
    """

    desk: Callable[[], AccountDesk]
    above: Callable[[], AccountRemote | None] = lambda: None
    overall: Callable[[], Sequence[Sum]] | None = None

    def report(self, place_id: str) -> Report | None:
        """Against the account that `place_id` brought, else the own one, None where that is too much."""
        desk = self.desk()
        for received in desk.received() if place_id else ():
            if received.account.place == place_id:
                return against_received(desk, received)
        return None if self.overall is not None else report_on(desk.own())

    def asked(self) -> Report:
        """Against the place above, where there is one."""
        desk, remote = self.desk(), self.above()
        return report_on(desk.own()) if remote is None else against_above(desk, remote)

    def sums(self, report: Report | None) -> Sequence[Sum]:
        """The lines to draw."""
        if report is not None:
            return report.sums
        return self.overall() if self.overall is not None else sums_of(self.desk().own(look=False))


def reconciliation_page(place: Reconciling, signed_in: Callable[..., Any]) -> APIRouter:
    """For whom `signed_in` lets in. Looking changes nothing."""
    router = APIRouter(prefix="/reconciliation", include_in_schema=False, dependencies=[Depends(signed_in)])

    @router.get("")
    def own(request: Request, place_id: str = "") -> Response:
        return _page(request, place, place.report(place_id))

    @router.post("")
    def against_file(request: Request, account: Annotated[UploadFile | None, File()] = None) -> Response:
        data = account.file.read(LIMIT_BYTES + 1) if account else b""
        if not data:
            return _page(request, place, None, refusal=_("Pilih berkas neraca lebih dulu."))
        desk = place.desk()
        return _tried(request, place, lambda: against_account(desk, desk.read(data)))

    @router.post("/above")
    def against_the_place_above(request: Request) -> Response:
        return _tried(request, place, place.asked)

    @router.get("/account")
    def download(place_id: str = "") -> Response:
        desk = place.desk()
        headers = {"content-disposition": f'attachment; filename="{desk.place}{SUFFIX}"'}
        return Response(desk.signed(desk.own(place_id)), media_type=MEDIA_TYPE, headers=headers)

    return router


def _tried(request: Request, place: Reconciling, report: Callable[[], Report]) -> Response:
    try:
        return _page(request, place, report())
    except RekamError as error:
        return _page(request, place, None, refusal=error_text(error))


def _page(request: Request, place: Reconciling, report: Report | None, *, refusal: str = "") -> Response:
    desk, sums = place.desk(), place.sums(report)
    other = report.other if report else None
    return render(
        request,
        "shared/reconciliation.html",
        status=422 if refusal else 200,
        bars=[bar_of(line) for line in sums],
        adds_up=all(line.adds_up for line in sums),
        serious=[told(each) for each in report.serious] if report else [],
        under_way=[told(each) for each in report.under_way] if report else [],
        compared=place_words(other.place) if other else "",
        theirs=[bar_of(line) for line in card_sums(other)] if other else [],
        compared_at=datetime.fromtimestamp(other.at_ms / 1000, UTC) if other else None,
        below=[below_of(each) for each in desk.received()],
        has_above=place.above() is not None,
        has_below=desk.store is not None,
        refusal=refusal,
        words=term_words,
    )
