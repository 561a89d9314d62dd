"""`/staff/keys`: a supervisor asks the office for a new operator's key, or for a new one after a forgotten PIN.

For a new supervisor any operator may ask, since no supervisor may be left.

The person types the new PIN here, reads eight letters to the office, and may sign in once the office's answer is here:
by itself over the line, or from a file, a text or a scanned code.
"""

from base64 import b64encode
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.documents.qr import picture
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteBusy, RemoteUnreachable
from rekam.exchange.key_request import KeyAnswerUnreadable
from rekam.exchange.key_request_text import answer_from_text, request_to_text, wrapped
from rekam.station.front import Front
from rekam.station.key_requests import (
    AlreadySupervisor,
    Asked,
    NameUnusable,
    NoSuchKeyRequest,
    OnlySupervisorsAsk,
    OwnPinForgotten,
)
from rekam.station.pages.staff import may_read_refusal
from rekam.station.pin_choice import PinTooSimple, require_good_pin
from rekam.station.unlock import NotASupervisor, OperatorBarred, UnknownOperator, Unlocked
from rekam.trust.certificates import CertificateForbidden, CertificateUnreadable, ChainBroken
from rekam.trust.pairing import spaced
from rekam.web.brought_text import BroughtText
from rekam.web.i18n import error_text
from rekam.web.page import fragment, render, site_of
from rekam.web.part import Part

__all__ = ["PART"]

_PATIENCE_S: Final = 1.5
"""For an office that answers at once; what takes longer goes on behind the page."""
_UNUSABLE: Final = (
    KeyAnswerUnreadable, NoSuchKeyRequest, CertificateForbidden, CertificateUnreadable, ChainBroken,
)  # fmt: skip
_AWAY: Final = (RemoteUnreachable, RemoteBusy)
"""The bar at the bottom tells these."""
_REFUSED: Final = (
    NameUnusable, PinTooSimple, OwnPinForgotten, UnknownOperator, OperatorBarred, OnlySupervisorsAsk, AlreadySupervisor,
)  # fmt: skip
_Pin = Annotated[str, Form(max_length=64)]
_Subject = Annotated[str, Form(max_length=64)]
_Role = Literal["operator", "supervisor"]


class _Desk:
    """The form of a request, and the page of one that waits."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.station = front.station

    def found(self, who: Unlocked, subject: str) -> Asked:
        """The request that waits for `subject`, as far as it is `who`'s business. Raises `NotASupervisor`,
        `NoSuchKeyRequest`.
        """
        asked = self.station.keys.find(subject)
        if not who.operator.supervises and not asked.alone:
            raise NotASupervisor(operator=who.operator.name)
        return asked

    def form(
        self,
        request: Request,
        who: Unlocked,
        subject: str,
        role: _Role,
        name: str = "",
        problem: RekamError | None = None,
    ) -> Response:
        """For somebody new, or the `subject` who forgot the PIN, or whom `role` makes a supervisor."""
        standings = self.station.operators.standings()
        known = next((one.operator for one in standings if one.operator.subject == subject), None)
        return render(
            request,
            "staff/ask.html",
            status=422 if problem else 200,
            subject=known.subject if known else "",
            who=known.name if known else "",
            own=subject == who.operator.subject,
            appointed=known is not None and known.role != "supervisor" and role == "supervisor",
            alone=who.operator.role != "supervisor",
            supervisors=[one.operator.name for one in standings if one.usable and one.operator.role == "supervisor"],
            role=role,
            name=name,
            problems={"name" if isinstance(problem, NameUnusable) else "pin": error_text(problem)} if problem else {},
        )

    def page(self, request: Request, asked: Asked, problem: RekamError | None = None) -> Response:
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
    """`?subject=` of who forgot the PIN, with `&role=supervisor` of who becomes one; without it, somebody new."""
    desk, station = _Desk(front), front.station
    router = APIRouter(prefix="/staff/keys", include_in_schema=False)
    person = Annotated[Unlocked, Depends(front.sessions.require)]

    @router.get("/ask")
    def form(request: Request, who: person, subject: str = "", role: _Role = "operator") -> Response:
        return desk.form(request, who, subject, role)

    @router.post("/ask")
    def ask(
        request: Request,
        who: person,
        subject: _Subject = "",
        role: Annotated[_Role, Form()] = "operator",
        name: Annotated[str, Form(max_length=200)] = "",
        pin: _Pin = "",
        again: _Pin = "",
    ) -> Response:
        try:
            require_good_pin(pin, again)
            if not subject:
                asked = station.keys.ask_new(name, pin, who, role)
            elif role == "supervisor":
                asked = station.keys.ask_appointed(subject, pin, who)
            else:
                asked = station.keys.ask_forgotten(subject, pin, who)
        except _REFUSED as problem:
            return desk.form(request, who, subject, role, name, problem)
        station.ask_office(_PATIENCE_S)
        return RedirectResponse(f"/staff/keys/{asked.subject}", 303)

    @router.get("/{subject}")
    def asked(request: Request, who: person, subject: str) -> Response:
        try:
            return desk.page(request, desk.found(who, subject))
        except NoSuchKeyRequest:  # answered meanwhile
            return RedirectResponse("/staff?done=answered", 303)

    @router.get("/{subject}/request.txt")
    def file(who: person, subject: str) -> Response:
        asked = desk.found(who, subject)
        headers = {"Content-Disposition": f'attachment; filename="permintaan-{asked.subject}.txt"'}
        return Response(wrapped(request_to_text(asked.data)), media_type="text/plain", headers=headers)

    _answers(router, desk)
    return router


def _answers(router: APIRouter, desk: _Desk) -> None:
    station, front = desk.station, desk.front
    person = Annotated[Unlocked, Depends(front.sessions.require)]

    @router.post("/{subject}/send")
    def send(who: person, subject: str) -> Response:
        desk.found(who, subject)
        station.ask_office(_PATIENCE_S)
        return RedirectResponse(f"/staff/keys/{subject}", 303)

    @router.get("/{subject}/state")
    def state(request: Request, subject: str) -> Response:
        """Asked by the page itself, which keeps no screen unlocked; on to the list once the answer is here."""
        if front.sessions.glance(request) is None:
            # locked, or signed out because the key that was answered is one's own
            known = front.sessions.owner(request.cookies.get(site_of(request).cookie, ""))
            return Response(status_code=204, headers={} if known else {"HX-Redirect": "/sign-in"})
        try:
            return fragment(request, "staff/asked_state.html", asked=station.keys.find(subject))
        except NoSuchKeyRequest:
            return Response(status_code=204, headers={"HX-Redirect": "/staff?done=answered"})

    @router.post("/{subject}/answer")
    def answer(
        request: Request,
        who: person,
        subject: str,
        brought: BroughtText,
    ) -> Response:
        asked = desk.found(who, subject)
        try:
            station.key_answers.take(answer_from_text(brought))
        except _UNUSABLE as problem:
            return desk.page(request, asked, problem)
        return RedirectResponse("/staff?done=answered", 303)

    @router.post("/{subject}/withdraw")
    def withdraw(who: person, subject: str) -> Response:
        station.keys.withdraw(desk.found(who, subject).subject)
        station.ask_office(_PATIENCE_S)
        return RedirectResponse("/staff?done=withdrawn", 303)

    @router.post("/{subject}/dismiss")
    def dismiss(who: person, subject: str) -> Response:
        if may_read_refusal(who, station.operators.standings(), subject):
            station.keys.dismiss(subject)
        return RedirectResponse("/staff", 303)


PART: Final = Part(
    key_request_pages,
    statuses={
        NoSuchKeyRequest: 404, OwnPinForgotten: 422, NameUnusable: 422, OnlySupervisorsAsk: 403, AlreadySupervisor: 422,
    },
)  # fmt: skip
