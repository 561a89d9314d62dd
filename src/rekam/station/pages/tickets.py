"""One ticket: its slip for the small printer, as a page and as PDF, and what can still be done with it."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.documents.slip import Slip, render_slip
from rekam.enrolment.zones import zone_of_region
from rekam.station.day.ticket import State, TicketId
from rekam.station.front import Front
from rekam.station.pages.queue import hall_of, ticket_view
from rekam.station.pages.queue_words import day_name
from rekam.trust.clock import TimeBasis
from rekam.web.format import time_of_day
from rekam.web.i18n import _
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

_PDF = "application/pdf"


def ticket_pages(front: Front) -> APIRouter:
    """A slip names no resident: whoever takes a number need not say who they are."""
    station = front.station
    router = APIRouter(prefix="/queue/tickets/{day}/{prefix}/{number}", dependencies=[Depends(front.sessions.require)])

    def slip(ticket: TicketId) -> Slip:
        here = station.here
        hall, found = hall_of(here), here.queue.find(ticket)
        view, identity, day = ticket_view(hall, found), here.identity, here.queue.day()
        zone = zone_of_region(str(identity.station))
        certain = not (day and day.day.isoformat() == ticket.day and day.basis is TimeBasis.MACHINE)
        return Slip(
            number=view["id"],
            service=view["service"],
            priority=view["priority"] if found.first else "",
            counter=_("Loket %(station)s", station=f"{identity.station} {identity.name}"),
            day=day_name(here.queue.date_of(ticket)) if certain else _("Tanggal belum dipastikan"),
            taken_at=time_of_day(found.taken_at, zone),
            wait=_("Perkiraan tunggu: %(wait)s", wait=view["wait"]) if found.state is State.WAITING else "",
            advice=_("Simpan nomor ini. Dengarkan panggilan dan lihat layar antrean."),
            title=_("Nomor antrean"),
            at=found.taken_at,
        )

    @router.get("")
    def single(request: Request, day: str, prefix: str, number: int) -> Response:
        here, wanted = station.here, TicketId(day, prefix, number)
        hall, found = hall_of(here), here.queue.find(wanted)
        return render(
            request,
            "queue/ticket.html",
            slip=slip(wanted),
            view=ticket_view(hall, found),
            of_today=hall.line.day == day,
            free=hall.now is None,
            version=hall.line.version,
        )

    @router.get("/slip.pdf")
    def pdf(day: str, prefix: str, number: int) -> Response:
        paper = render_slip(slip(TicketId(day, prefix, number)), fonts=station.ports.fonts)
        return Response(paper, media_type=_PDF, headers={"Content-Disposition": 'inline; filename="nomor-antrean.pdf"'})

    return router


PART: Final = Part(ticket_pages)
