"""`/cards`: the work list of cards to print, one order with its holder, print and reprint, the PDF."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.office.cards import PrintedCard
from rekam.office.errors import CardWithheld, MissingReason, NoBlanks, NotYetEligible, OrderWithdrawn
from rekam.office.office import Office
from rekam.office.pages.packets import PacketId
from rekam.office.pages.words import since, status_words, tone
from rekam.office.print_orders import Summary
from rekam.web.i18n import N_, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem, Person
from rekam.web.staff.guard import require

__all__ = ["PART", "pdf_answer"]

STAFF = Depends(require())


def pdf_answer(card: PrintedCard) -> Response:
    """The PDF; its file name is the packet's number, never the NIK."""
    name = f"ktp-{card.number.replace('/', '-')}-{card.sheet.copy}.pdf"
    return Response(
        card.pdf, media_type="application/pdf", headers={"content-disposition": f'inline; filename="{name}"'}
    )


def card_routes(office: Office) -> APIRouter:
    """For any member of staff."""
    router = APIRouter(include_in_schema=False, prefix="/cards")

    @router.get("", dependencies=[STAFF])
    def cards(request: Request) -> Response:
        today, waiting = office.dates.today(), office.cards.waiting()
        ready = [card for card in waiting if card.summary is None or card.summary.eligible(today)]
        return render(
            request,
            "cards.html",
            ready=ready,
            later=[card for card in waiting if card not in ready],
            printed=office.cards.printed(),
            blanks=office.state().blanks,
            since=since(office),
        )

    @router.get("/{packet_id}", dependencies=[STAFF])
    def card(request: Request, packet_id: PacketId) -> Response:
        return _page(request, office, packet_id)

    @router.get("/{packet_id}/photo", dependencies=[STAFF])
    def photo(packet_id: PacketId) -> Response:
        image = office.cards.order(packet_id)[0].photo
        return Response(image, media_type="image/png" if image.startswith(b"\x89PNG") else "image/jpeg")

    @router.get("/{packet_id}/{copy}.pdf", dependencies=[STAFF])
    def pdf(packet_id: PacketId, copy: int) -> Response:
        return pdf_answer(office.cards.pdf(packet_id, copy))

    @router.post("/{packet_id}/print")
    def print_card(request: Request, packet_id: PacketId, person: Annotated[Person, STAFF]) -> Response:
        try:
            office.cards.print(packet_id, by=person.name)
        except (NoBlanks, NotYetEligible, OrderWithdrawn, CardWithheld) as error:
            return _page(request, office, packet_id, error)
        return RedirectResponse(f"/cards/{packet_id}", 303)

    @router.post("/{packet_id}/reprint")
    def reprint(
        request: Request,
        packet_id: PacketId,
        person: Annotated[Person, STAFF],
        replaces: Annotated[int, Form()],
        reason: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        try:
            office.cards.reprint(packet_id, by=person.name, reason=reason, replaces=replaces)
        except (NoBlanks, MissingReason, OrderWithdrawn) as error:
            return _page(request, office, packet_id, error)
        return RedirectResponse(f"/cards/{packet_id}", 303)

    return router


def _page(request: Request, office: Office, packet_id: str, refused: RekamError | None = None) -> Response:
    order, status, sheets = office.cards.order(packet_id)
    summary = Summary.of(order.biodata)
    return render(
        request,
        "card.html",
        status=409 if refused else 200,
        packet_id=packet_id,
        order=order,
        at=(status, status_words(status), tone(status)),
        sheets=sheets,
        eligible=summary.eligible(office.dates.today()),
        eligible_from=summary.eligible_from,
        blanks=office.state().blanks,
        refusal=error_text(refused) if refused else None,
        missing=isinstance(refused, MissingReason),
    )


PART: Final = Part(card_routes, menu=(MenuItem("/cards", N_("Cetak kartu"), rank=30),))
