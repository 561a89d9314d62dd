"""`/queue` (Antrean): open the service day, give out numbers, call them, begin to serve."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.zones import zone_of_region
from rekam.station.day.hall import Hall
from rekam.station.day.queue import NoServiceDay, ServiceDay, TicketElsewhere, UnknownTicket
from rekam.station.day.ticket import Deed, Priority, Service, State, Ticket, TicketId
from rekam.station.front import STAFF, Front
from rekam.station.opened import Opened
from rekam.station.pages.queue_words import PRIORITY_NAMES, SERVICE_NAMES, STATE_NAMES, day_name, wait_words
from rekam.station.unlock import Unlocked
from rekam.trust.clock import TimeBasis
from rekam.trust.random import SystemRandom
from rekam.web.i18n import N_, _
from rekam.web.page import fragment, render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART", "hall_of", "ticket_view"]

_OTHER_KEYS: Final = frozenset("CKLPT")
"""What they do stands beside the buttons of `queue/list.html`."""


def queue_pages(front: Front) -> APIRouter:
    """`seen` in a form is the version of the line that its page showed: a page that is out of date changes nothing."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/queue")
    operator = Annotated[Unlocked, Depends(sessions.require)]
    signed_in = [Depends(sessions.require)]

    @router.get("", dependencies=signed_in)
    def queue(request: Request, taken: str = "", moved: bool = False) -> Response:  # noqa: FBT001, FBT002  # a query
        here = station.here
        day = here.queue.day()
        if day is None:
            return render(request, "queue/closed.html", **_opening(here))
        shown = _opening(here) | _line_view(here, day)
        return render(request, "queue/list.html", **shown, taken=_known(here, taken), moved=moved)

    @router.post("/open")
    def open_day(who: operator) -> Response:
        station.here.queue.open_day(who.operator.subject)
        return RedirectResponse("/queue", 303)

    @router.post("/take", dependencies=signed_in)
    def take(
        once: Annotated[str, Form(min_length=8, max_length=64)],
        service: Annotated[Service, Form()],
        priority: Annotated[Priority, Form()] = Priority.NONE,
    ) -> Response:
        ticket = station.here.queue.take(service, priority, once)
        return RedirectResponse(f"/queue?taken={'/'.join(map(str, ticket.id))}", 303)

    @router.post("/call")
    def call(who: operator, seen: Annotated[int, Form()]) -> Response:
        try:
            station.here.queue.call_next(who.operator.subject, seen=seen)
        except TicketElsewhere:
            return RedirectResponse("/queue?moved=true", 303)
        return RedirectResponse("/queue", 303)

    @router.post("/deed")
    def deed(
        who: operator,
        ticket: Annotated[str, Form(max_length=32)],
        what: Annotated[Deed, Form()],
        seen: Annotated[int, Form()],
    ) -> Response:
        try:
            found = station.here.queue.note(_ticket_id(ticket), what, who.operator.subject, seen=seen)
        except TicketElsewhere:
            return RedirectResponse("/queue?moved=true", 303)
        begins = {Service.RECORDING: "/", Service.PAPERS: "/recordings"}[found.service]
        return RedirectResponse(begins if what is Deed.ATTENDED else "/queue", 303)

    @router.get("/at-counter", dependencies=signed_in)
    def at_counter(request: Request) -> Response:
        """Which number is at the counter, for other pages to show."""
        ticket = station.here.queue.line().at_counter
        return fragment(request, "queue/at_counter.html", ticket=ticket)

    return router


def _line_view(here: Opened, day: ServiceDay) -> dict[str, Any]:
    """Who is at the counter, who waits, who did not come, and what may be done."""
    hall = hall_of(here)
    return {
        "day": day_name(day.day),
        "next_day": here.queue.today != day.day,
        "plan_of_day": here.plans.of(day.day),
        "certain": day.basis is not TimeBasis.MACHINE,
        "at_counter": hall.now and ticket_view(hall, hall.now),
        "waiting": [ticket_view(hall, ticket) for ticket, _wait in hall.waiting],
        "absent": [ticket_view(hall, ticket) for ticket in hall.line.of(State.ABSENT)],
        "served": len(hall.line.of(State.SERVED)),
        "version": hall.line.version,
        "once": SystemRandom().bytes(12).hex(),
        "services": [(service, _key_of(here, service), _(SERVICE_NAMES[service])) for service in Service],
        "printer": here.printer.address,
        "priorities": [(priority, _(name)) for priority, name in PRIORITY_NAMES.items()],
    }


def _key_of(here: Opened, service: Service) -> str:
    """The service's letter on the keyboard; a digit where that letter does something else on this page."""
    letter = here.queue.letter(service)
    return str(list(Service).index(service) + 1) if letter in _OTHER_KEYS else letter


def hall_of(here: Opened) -> Hall:
    """The day in force as it stands; an empty one before the first was opened."""
    day = here.queue.day()
    return Hall.of(here.queue.line(), here.plans.of(day.day if day else here.queue.today), here.legal.now().at)


def ticket_view(hall: Hall, ticket: Ticket) -> dict[str, Any]:
    """A ticket in words."""
    tone, state = STATE_NAMES[ticket.state]
    return {
        "ticket": ticket,
        "id": str(ticket.id),
        "key": "/".join(map(str, ticket.id)),
        "href": f"/queue/tickets/{'/'.join(map(str, ticket.id))}",
        "service": _(SERVICE_NAMES[ticket.service]),
        "priority": _(PRIORITY_NAMES[ticket.priority]),
        "tone": tone,
        "state": _(state),
        "wait": wait_words(hall.wait_of(ticket)),
    }


def _opening(here: Opened) -> dict[str, Any]:
    today, plan = here.queue.today, here.plans.of(here.queue.today)
    return {"today": day_name(today), "plan": plan, "basis": here.queue.basis, "zone": _zone(here)}


def _zone(here: Opened) -> str:
    return str(zone_of_region(str(here.identity.station)).tzname(None))


def _known(here: Opened, text: str) -> dict[str, Any] | None:
    try:
        return ticket_view(hall_of(here), here.queue.find(_ticket_id(text))) if text else None
    except UnknownTicket:
        return None


def _ticket_id(text: str) -> TicketId:
    day, prefix, number = [*text.split("/"), "", "", ""][:3]
    if not number.isdecimal():
        raise UnknownTicket(ticket=prefix)
    return TicketId(day, prefix, int(number))


PART: Final = Part(
    queue_pages,
    menu=(MenuItem("/queue", N_("Antrean"), STAFF, rank=15, below=("/plan", "/outings")),),
    statuses={NoServiceDay: 409, TicketElsewhere: 409, UnknownTicket: 404},
)
