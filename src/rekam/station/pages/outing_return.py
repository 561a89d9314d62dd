"""`/outings/{number}/return`: what is to be done when the team is back, the paper for the village head, the end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.day_end.office_says import OfficeSays, ask_office
from rekam.station.front import Front
from rekam.station.outing.homecoming import NotMetNotPrinted, close_outing, homecoming
from rekam.station.outing.outings import OutingState
from rekam.station.outing.paper import list_paper, print_list
from rekam.station.pages.day_end import said_by_office
from rekam.station.pages.exceptions import supervisors
from rekam.station.pages.outbox import progress
from rekam.station.pages.outing_words import outing_view
from rekam.station.station import Station
from rekam.web.i18n import error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

_LINES_KBIT: Final = (128, 512, 2000)
"""A weak mobile line, a usual one, a good one."""
_USED: Final = 0.9
"""Of a line's rate goes into packets (`bench.backlog`)."""


_Name = Annotated[str, Form(max_length=64)]


@dataclass(frozen=True)
class _Guess:
    kbit: int
    time: timedelta


class _Desk:
    """What the office answered is remembered until the process ends."""

    def __init__(self, station: Station, front: Front) -> None:
        self.station = station
        self.front = front
        self.heard: dict[int, OfficeSays] = {}

    def page(
        self, request: Request, number: int, problem: RekamError | None = None, *, printed: bool = False
    ) -> Response:
        here = self.station.here
        outing = here.outings.find(number)
        if outing.state is OutingState.CLOSED:
            return RedirectResponse(f"/outings/{number}", 303)
        home, sending, says = homecoming(here, number), progress(self.front, here), self.heard.get(number)
        return render(
            request,
            "outing/return.html",
            status=422 if problem else 200,
            refusal=error_text(problem) if problem else None,
            outing=outing_view(here, outing),
            back=outing.state is OutingState.BACK,
            home=home,
            paper_at=outing.paper_at,
            guesses=_guesses(home.size),
            says=says,
            said=said_by_office(says),
            may_ask=here.office_accounts is not None and home.span is not None,
            supervisors=supervisors(self.station),
            printer=here.printer.address,
            printed=printed,
            **sending,
        )

    def tried(self, request: Request, number: int, deed: Callable[[], object], then: str = "/return") -> Response:
        try:
            deed()
        except RekamError as problem:
            return self.page(request, number, problem)
        return RedirectResponse(f"/outings/{number}{then}", 303)

    def ask_office(self, number: int) -> None:
        here = self.station.here
        span = homecoming(here, here.outings.find(number).number).span
        if here.office_accounts is not None and span is not None:
            self.heard[number] = ask_office(here.store, here.accounts, here.office_accounts, span)

    def print(self, number: int) -> None:
        here = self.station.here
        outing, printer = here.outings.require_open(number), here.printer()
        if printer is not None:
            print_list(printer, list_paper(here, outing), number)
            here.outings.note_paper(number)

    def close(self, number: int, supervisor: str, pin: str, *, without_paper: bool) -> None:
        close_outing(self.station.here, number, self.station.supervisor(supervisor, pin), without_paper=without_paper)


def return_pages(front: Front) -> APIRouter:
    """Nothing here is refused because something else is still to be done, but for the list that closing deletes."""
    station, desk = front.station, _Desk(front.station, front)
    router = APIRouter(prefix="/outings/{number}", dependencies=[Depends(front.sessions.require)])

    @router.get("/return")
    def ask(request: Request, number: int, printed: bool = False) -> Response:  # noqa: FBT001, FBT002  # a query
        return desk.page(request, number, printed=printed)

    @router.post("/office")
    def office(request: Request, number: int) -> Response:
        return desk.tried(request, number, lambda: desk.ask_office(number))

    @router.post("/paper")
    def paper(number: int) -> Response:
        here = station.here
        pdf = list_paper(here, here.outings.require_open(number))
        here.outings.note_paper(number)
        headers = {"Content-Disposition": f'inline; filename="daftar-jemput-bola-{number}.pdf"'}
        return Response(pdf, media_type="application/pdf", headers=headers)

    @router.post("/print")
    def printed(request: Request, number: int) -> Response:
        return desk.tried(request, number, lambda: desk.print(number), "/return?printed=true")

    @router.post("/close")
    def close(request: Request, number: int, supervisor: _Name = "", pin: _Name = "", without: _Name = "") -> Response:
        return desk.tried(
            request, number, lambda: desk.close(number, supervisor, pin, without_paper=without == "yes"), ""
        )

    return router


def _guesses(size: int) -> list[_Guess]:
    """How long so many bytes take on lines as they are met, for whoever chooses between the line and a stick."""
    if not size:
        return []
    return [_Guess(kbit, timedelta(seconds=size * 8 / (kbit * 1000 * _USED))) for kbit in _LINES_KBIT]


PART: Final = Part(return_pages, statuses={NotMetNotPrinted: 409})
