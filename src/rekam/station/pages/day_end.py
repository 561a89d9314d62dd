"""`/day-end`: what was done on a day, the supervisor's approval, the paper, and the office's word on it."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.day_end.counts import span_of
from rekam.station.day_end.day_end import DayAlreadyClosed, DayClosed, DayNotClosed, DayNotYet, ReopenNeedsReason
from rekam.station.day_end.office_says import OfficeSays, ask_office
from rekam.station.day_end.paper import day_exceptions, day_paper
from rekam.station.front import STAFF, Front
from rekam.station.pages.exceptions import supervisors
from rekam.station.station import Station
from rekam.web.format import number
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]

_LISTED: Final = 30
_Name = Annotated[str, Form(max_length=64)]
_Pin = Annotated[str, Form(max_length=64)]
_Reason = Annotated[str, Form(max_length=500)]


class _Desk:
    """What the pages share: the station, and what the office answered, remembered until the process ends."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.heard: dict[date, OfficeSays] = {}

    def page(self, request: Request, day: date, problem: RekamError | None = None) -> Response:
        here, says = self.station.here, self.heard.get(day)
        return render(
            request,
            "day_end.html",
            status=422 if problem else 200,
            refusal=error_text(problem) if problem else None,
            exceptions=day_exceptions(here, day, _LISTED),
            supervisors=supervisors(self.station),
            says=says,
            said=said_by_office(says),
            may_ask=here.office_accounts is not None,
            **state_of_day(self.station, day),
        )

    def tried(self, request: Request, day: date, deed: Callable[[], object]) -> Response:
        try:
            deed()
        except RekamError as problem:
            return self.page(request, day, problem)
        return RedirectResponse(f"/day-end?day={day}", 303)

    def reopen(self, day: date, supervisor: str, pin: str, reason: str) -> None:
        if not reason.strip():  # before the PIN is tried
            raise ReopenNeedsReason
        self.station.here.day_end.reopen(day, self.station.supervisor(supervisor, pin), reason)

    def ask_office(self, day: date) -> None:
        here = self.station.here
        if here.office_accounts is not None:
            span = span_of(day, here.day_end.zone)
            self.heard[day] = ask_office(here.store, here.accounts, here.office_accounts, span)


def day_end_pages(front: Front) -> APIRouter:
    """Today, or `?day=` an earlier one."""
    desk, station = _Desk(front.station), front.station
    router = APIRouter(prefix="/day-end", dependencies=[Depends(front.sessions.require)])

    @router.get("")
    def ask(request: Request, day: date | None = None) -> Response:
        return desk.page(request, day or station.here.day_end.today())

    @router.post("/{day}/close")
    def close(request: Request, day: date, supervisor: _Name = "", pin: _Pin = "") -> Response:
        return desk.tried(request, day, lambda: station.close_day(day, station.supervisor(supervisor, pin)))

    @router.post("/{day}/reopen")
    def reopen(request: Request, day: date, supervisor: _Name = "", pin: _Pin = "", reason: _Reason = "") -> Response:
        return desk.tried(request, day, lambda: desk.reopen(day, supervisor, pin, reason))

    @router.post("/{day}/office")
    def office(request: Request, day: date) -> Response:
        return desk.tried(request, day, lambda: desk.ask_office(day))

    @router.post("/{day}/paper")
    def paper(day: date) -> Response:
        here = station.here
        pdf = day_paper(here, here.day_end.last(day), day, said_by_office(desk.heard.get(day)))
        headers = {"Content-Disposition": f'inline; filename="penutupan-{day}.pdf"'}
        return Response(pdf, media_type="application/pdf", headers=headers)

    return router


def state_of_day(station: Station, day: date) -> dict[str, Any]:
    """Counts as signed where the day is closed, else as they are now."""
    end = station.here.day_end
    last = end.last(day)
    closed = last is not None and last.word.what == "closed"
    counts = end.counts(day)
    return {
        "day": day,
        "today": end.today(),
        "closed": closed,
        "last": last,
        "counts": last.word.counts if closed and last else counts.to_map(),
        "adds_up": counts.adds_up,
        "left_open": [each for each in end.left_open() if each != day],
        "history": end.history(),
    }


def said_by_office(says: OfficeSays | None) -> str:
    """One sentence; Indonesian on the paper, the reader's language on the page."""
    if says is None:
        return ""
    held = {"held": number(says.holds), "all": number(says.asked)}
    if says.lost:
        return _("Disdukcapil memegang %(held)s dari %(all)s rekaman; %(lost)s yang dikonfirmasinya tidak ada.", **held,
                 lost=number(len(says.lost)))  # fmt: skip
    if says.on_the_way:
        return _("Disdukcapil memegang %(held)s dari %(all)s rekaman; sisanya belum terkirim.", **held)
    return _("Disdukcapil memegang %(held)s dari %(all)s rekaman hari ini.", **held)


PART: Final = Part(
    day_end_pages,
    menu=(MenuItem("/day-end", N_("Tutup hari"), STAFF, rank=25),),
    statuses={DayClosed: 409, DayAlreadyClosed: 409, DayNotClosed: 409, DayNotYet: 422, ReopenNeedsReason: 422},
)
