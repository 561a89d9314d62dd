"""One ticket: its slip for the small printer, as a page and as PDF, and what can still be done with it."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.documents.slip import Slip, render_slip
from rekam.enrolment.zones import zone_of_region
from rekam.station.day.ticket import State, TicketId
from rekam.station.front import Front
from rekam.station.opened import Opened
from rekam.station.pages.print_jobs import job_row, pdf_answer
from rekam.station.pages.queue import hall_of, ticket_view
from rekam.station.pages.queue_words import day_name
from rekam.station.printing.queue import JobState
from rekam.station.unlock import Unlocked
from rekam.trust.clock import TimeBasis
from rekam.web.format import time_of_day
from rekam.web.i18n import _
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]


def ticket_pages(front: Front) -> APIRouter:
    """A slip names no resident: whoever takes a number need not say who they are."""
    station = front.station
    router = APIRouter(prefix="/queue/tickets/{day}/{prefix}/{number}", dependencies=[Depends(front.sessions.require)])

    @router.get("")
    def single(request: Request, day: str, prefix: str, number: int) -> Response:
        here, wanted = station.here, TicketId(day, prefix, number)
        hall, found = hall_of(here), here.queue.find(wanted)
        return render(
            request,
            "queue/ticket.html",
            slip=_slip(here, wanted),
            view=ticket_view(hall, found),
            of_today=hall.line.day == day,
            free=hall.now is None,
            printer=here.printer.address,
            printed=[job_row(job) for job in here.slips.printed(wanted)],
            version=hall.line.version,
        )

    @router.post("/print")
    def print_slip(
        who: Annotated[Unlocked, Depends(front.sessions.require)], day: str, prefix: str, number: int
    ) -> Response:
        """To the printer; without one it opens as PDF. Each further one bears its mark."""
        here, wanted, paper = station.here, TicketId(day, prefix, number), b""

        def compose(nth: int) -> bytes:
            nonlocal paper
            paper = render_slip(_slip(here, wanted, _mark(here, nth)), fonts=station.ports.fonts)
            return paper

        job = here.slips.print(wanted, compose, who.operator.subject)
        if job.state is JobState.SHOWN:
            return pdf_answer(paper, "slip")
        return RedirectResponse(f"/queue/tickets/{day}/{prefix}/{number}", 303)

    @router.get("/slip.pdf")
    def pdf(day: str, prefix: str, number: int) -> Response:
        return pdf_answer(
            render_slip(_slip(station.here, TicketId(day, prefix, number)), fonts=station.ports.fonts), "slip"
        )

    return router


def _slip(here: Opened, ticket: TicketId, copy: str = "") -> Slip:
    hall, found = hall_of(here), here.queue.find(ticket)
    view, identity, day = ticket_view(hall, found), here.identity, here.queue.day()
    certain = not (day and day.day.isoformat() == ticket.day and day.basis is TimeBasis.MACHINE)
    return Slip(
        number=view["id"],
        service=view["service"],
        priority=view["priority"] if found.first else "",
        counter=_("Loket %(station)s", station=f"{identity.station} {identity.name}"),
        day=day_name(here.queue.date_of(ticket)) if certain else _("Tanggal belum dipastikan"),
        taken_at=time_of_day(found.taken_at, zone_of_region(identity.station)),
        wait=_("Perkiraan tunggu: %(wait)s", wait=view["wait"]) if found.state is State.WAITING else "",
        advice=_("Simpan nomor ini. Dengarkan panggilan dan lihat layar antrean."),
        title=_("Nomor antrean"),
        at=found.taken_at,
        copy=copy,
    )


def _mark(here: Opened, nth: int) -> str:
    """What stands on the second slip and every further one."""
    at = time_of_day(here.legal.now().at.isoformat(), zone_of_region(here.identity.station))
    return _("SALINAN ke-%(n)s, pukul %(at)s", n=nth, at=at) if nth > 1 else ""


PART: Final = Part(ticket_pages)
