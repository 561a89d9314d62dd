"""`/staff/keys`: a supervisor asks the office for a new operator's key, or for a new one after a forgotten PIN.

The person types the new PIN here, reads eight letters to the office, and may sign in once the office's answer is here:
by itself over the line, or from a file, a text or a scanned code.
"""

from base64 import b64encode
from typing import Annotated, Final

from fastapi import APIRouter, Depends, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.documents.qr import picture
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteBusy, RemoteUnreachable
from rekam.exchange.key_request import KeyAnswerUnreadable
from rekam.exchange.key_request_text import answer_from_text, request_to_text, wrapped
from rekam.station.front import Front
from rekam.station.key_requests import NameUnusable, NoSuchKeyRequest, OwnPinForgotten
from rekam.station.station import NotASupervisor
from rekam.station.unlock import OperatorBarred, PinTooSimple, UnknownOperator, Unlocked, require_good_pin
from rekam.trust.certificates import CertificateForbidden, CertificateUnreadable, ChainBroken
from rekam.trust.pairing import spaced
from rekam.web.i18n import error_text
from rekam.web.page import fragment, render
from rekam.web.part import Part

__all__ = ["PART"]

_LARGEST: Final = 16 * 1024
_PATIENCE_S: Final = 1.5
"""For an office that answers at once; what takes longer goes on behind the page."""
_UNUSABLE: Final = (
    KeyAnswerUnreadable, NoSuchKeyRequest, CertificateForbidden, CertificateUnreadable, ChainBroken,
)  # fmt: skip
_AWAY: Final = (RemoteUnreachable, RemoteBusy)
"""The bar at the bottom tells these."""
_REFUSED: Final = (NameUnusable, PinTooSimple, OwnPinForgotten, UnknownOperator, OperatorBarred)
_Pin = Annotated[str, Form(max_length=64)]
_Subject = Annotated[str, Form(max_length=64)]


class _Desk:
    """The form of a request, and the page of one that waits."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.station = front.station

    def supervisor(self, request: Request) -> Unlocked:
        """A dependency: nobody else asks for keys. Raises `NotSignedIn`, `NotASupervisor`."""
        who = self.front.sessions.require(request)
        if who.operator.role != "supervisor":
            raise NotASupervisor(operator=who.operator.name)
        return who

    def form(self, request: Request, subject: str, name: str = "", problem: RekamError | None = None) -> Response:
        standings = self.station.operators.standings()
        known = next((one.operator for one in standings if one.operator.subject == subject), None)
        return render(
            request,
            "staff/ask.html",
            status=422 if problem else 200,
            subject=known.subject if known else "",
            who=known.name if known else "",
            name=name,
            problems={"name" if isinstance(problem, NameUnusable) else "pin": error_text(problem)} if problem else {},
        )

    def page(self, request: Request, subject: str, problem: RekamError | None = None) -> Response:
        asked = self.station.keys.find(subject)
        text = request_to_text(asked.data)
        return render(
            request,
            "staff/asked.html",
            status=422 if problem else 200,
            asked=asked,
            letters=spaced(asked.letters),
            trouble=error_text(asked.trouble) if asked.trouble and not isinstance(asked.trouble, _AWAY) else None,
            text=text,
            picture=b64encode(picture(text, level="L")).decode(),
            office=self.station.here.identity.office_name,
            problems={"text": error_text(problem)} if problem else {},
        )


def key_request_pages(front: Front) -> APIRouter:
    """For supervisors. `?subject=` of who forgot the PIN; without it, somebody new."""
    desk, station = _Desk(front), front.station
    router = APIRouter(prefix="/staff/keys", include_in_schema=False)
    supervisor = Annotated[Unlocked, Depends(desk.supervisor)]

    @router.get("/ask")
    def form(request: Request, _who: supervisor, subject: str = "") -> Response:
        return desk.form(request, subject)

    @router.post("/ask")
    def ask(
        request: Request,
        who: supervisor,
        subject: _Subject = "",
        name: Annotated[str, Form(max_length=200)] = "",
        pin: _Pin = "",
        again: _Pin = "",
    ) -> Response:
        try:
            require_good_pin(pin, again)
            asked = station.keys.ask_forgotten(subject, pin, who) if subject else station.keys.ask_new(name, pin, who)
        except _REFUSED as problem:
            return desk.form(request, subject, name, problem)
        station.ask_office(_PATIENCE_S)
        return RedirectResponse(f"/staff/keys/{asked.subject}", 303)

    @router.get("/{subject}")
    def asked(request: Request, _who: supervisor, subject: str) -> Response:
        try:
            return desk.page(request, subject)
        except NoSuchKeyRequest:  # answered meanwhile
            return RedirectResponse("/staff?done=answered", 303)

    @router.get("/{subject}/request.txt")
    def file(_who: supervisor, subject: str) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="permintaan-{station.keys.find(subject).subject}.txt"'}
        text = wrapped(request_to_text(station.keys.find(subject).data))
        return Response(text, media_type="text/plain", headers=headers)

    _answers(router, desk)
    return router


def _answers(router: APIRouter, desk: _Desk) -> None:
    station, front = desk.station, desk.front
    supervisor = Annotated[Unlocked, Depends(desk.supervisor)]

    @router.post("/{subject}/send")
    def send(_who: supervisor, subject: str) -> Response:
        station.ask_office(_PATIENCE_S)
        return RedirectResponse(f"/staff/keys/{subject}", 303)

    @router.get("/{subject}/state")
    def state(request: Request, subject: str) -> Response:
        """Asked by the page itself, which keeps no screen unlocked; on to the list once the answer is here."""
        if front.sessions.glance(request) is None:
            return Response(status_code=204)
        try:
            return fragment(request, "staff/asked_state.html", asked=station.keys.find(subject))
        except NoSuchKeyRequest:
            return Response(status_code=204, headers={"HX-Redirect": "/staff?done=answered"})

    @router.post("/{subject}/answer")
    def answer(
        request: Request,
        _who: supervisor,
        subject: str,
        text: Annotated[str, Form(max_length=_LARGEST)] = "",
        file: Annotated[UploadFile | None, File()] = None,
    ) -> Response:
        """The file, where there is one."""
        brought = file.file.read(_LARGEST).decode("ascii", "replace") if file and file.filename else text
        try:
            station.keys.take(answer_from_text(brought))
        except _UNUSABLE as problem:
            return desk.page(request, subject, problem)
        return RedirectResponse("/staff?done=answered", 303)

    @router.post("/{subject}/withdraw")
    def withdraw(_who: supervisor, subject: str) -> Response:
        station.keys.withdraw(subject)
        station.ask_office(_PATIENCE_S)
        return RedirectResponse("/staff?done=withdrawn", 303)

    @router.post("/{subject}/dismiss")
    def dismiss(_who: supervisor, subject: str) -> Response:
        station.keys.dismiss(subject)
        return RedirectResponse("/staff", 303)


PART: Final = Part(key_request_pages, statuses={NoSuchKeyRequest: 404, OwnPinForgotten: 422, NameUnusable: 422})
