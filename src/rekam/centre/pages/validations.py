"""`/validations`: cases on which an office has to answer, and the answer."""

from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.centre.casebook import WaitingCase
from rekam.centre.centre import Centre
from rekam.centre.front import Front
from rekam.centre.pages.biodata import rows
from rekam.centre.pages.images import image
from rekam.centre.pages.roles import STAFF, Officer
from rekam.centre.pages.told import age_of
from rekam.centre.validation import Answer, NotWaiting
from rekam.centre.verdict import Queue
from rekam.enrolment.slot import Modality, Slot
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]

_NOTE_LENGTH = 500


def validation_pages(front: Front) -> APIRouter:
    """The work list, the question beside the register, the answer."""
    centre = front.centre
    router = APIRouter(prefix="/validations", include_in_schema=False)

    @router.get("")
    def work_list(request: Request, _person: Officer) -> Response:
        return _list(request, centre)

    @router.get("/{packet_id}")
    def question(request: Request, person: Officer, packet_id: str) -> Response:
        return _ask(request, centre, packet_id, person.name)

    @router.get("/{packet_id}/photo")
    def photo(_person: Officer, packet_id: str) -> Response:
        _waiting(centre, packet_id)
        return image(centre, packet_id, "photo")

    @router.post("/{packet_id}")
    def answer(
        request: Request,
        person: Officer,
        packet_id: str,
        answer: Annotated[str, Form()] = "",
        note: Annotated[str, Form(max_length=_NOTE_LENGTH)] = "",
    ) -> Response:
        errors = {}
        if not note.strip():
            errors["note"] = _("Tulis siapa di dinas yang menjawab, dan kapan")
        if answer not in set(Answer):
            errors["answer"] = _("Pilih jawaban dinas")
        if errors:
            return _ask(request, centre, packet_id, person.name, errors, {"note": note, "answer": answer})
        try:
            centre.validations.answer(packet_id, Answer(answer), staff=person.name, note=note.strip())
        except NotWaiting as refusal:
            return _list(request, centre, error_text(refusal))
        following = centre.casebook.waiting_in(Queue.VALIDATION)
        where = f"/validations/{following[0].packet_id}" if following else "/validations"
        return RedirectResponse(f"{where}?said=answered", 303)

    return router


def _list(request: Request, centre: Centre, refusal: str = "") -> Response:
    lines = [
        {"case": case, "age": age_of(request, case.since)} for case in centre.casebook.waiting_in(Queue.VALIDATION)
    ]
    said = _said(request)
    return render(
        request, "centre/validations.html", status=409 if refusal else 200, refusal=refusal, said=said, lines=lines
    )


def _ask(
    request: Request,
    centre: Centre,
    packet_id: str,
    staff: str,
    errors: dict[str, str] | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    try:
        case = _waiting(centre, packet_id)
    except NotWaiting as refusal:
        return _list(request, centre, error_text(refusal))
    record, known = centre.records.record(packet_id), centre.registered(packet_id)
    centre.records.looked(packet_id, staff)
    return render(
        request,
        "centre/validation.html",
        status=422 if errors else 200,
        case=case,
        age=age_of(request, case.since),
        known=known is not None,
        biodata=rows(record.biodata, known),
        has_photo=Slot(Modality.PHOTO) in record.quality,
        errors=errors or {},
        given=given or {"note": "", "answer": ""},
        note_length=_NOTE_LENGTH,
        said=_said(request),
    )


def _waiting(centre: Centre, packet_id: str) -> WaitingCase:
    for case in centre.casebook.waiting_in(Queue.VALIDATION):
        if case.packet_id == packet_id:
            return case
    raise NotWaiting(packet_id=packet_id)


def _said(request: Request) -> str:
    answered = request.query_params.get("said") == "answered"
    return _("Jawaban dinas tercatat; kasus itu diteruskan.") if answered else ""


PART: Final = Part(validation_pages, menu=(MenuItem("/validations", N_("Konfirmasi"), frozenset({STAFF}), rank=40),))
