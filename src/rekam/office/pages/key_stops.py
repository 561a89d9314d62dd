"""`/key-stops`: two officials stop the keys of one person at a station, whether the station wants it or not."""

from base64 import b64encode
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.documents.qr import picture
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.fence import FenceUnclear
from rekam.exchange.key_request_text import stop_to_text, wrapped
from rekam.office.key_stops import (
    CutNotEarlier,
    KeyStopClosed,
    KeyStopNeedsReason,
    NotOnThatStaff,
    SecondOfficialNeeded,
    StopKnown,
    Stopped,
)
from rekam.office.office import Office
from rekam.office.pages.words import since
from rekam.web.format import number
from rekam.web.health import Finding, Level, Probe, Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import Person
from rekam.web.staff.guard import require

__all__ = ["PART"]

STAFF = Depends(require())
_FIELD: Final[dict[type[RekamError], str]] = {
    KeyStopNeedsReason: "reason",
    FenceUnclear: "after",
    CutNotEarlier: "after",
}
_LONGEST_NUMBER: Final = 9
Words = Annotated[str, Form(max_length=300)]


class _Desk:
    """The list with its form, and the page of one stop."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.stops = office.operator_keys.stops

    def listed(self, request: Request, given: dict[str, str] | None = None, **problems: str) -> Response:
        every = self.stops.listed()
        return render(
            request,
            "key_stops.html",
            status=422 if problems else 200,
            waiting=[one for one in every if one.open],
            done=[(one, _state(one)) for one in every if not one.open],
            people=[
                (f"{station} {subject}", f"{station}, {name}, {_role(role)}")
                for station, staff in self.stops.people().items()
                for subject, name, role in staff
            ],
            given=given or {},
            problems=problems,
            since=since(self.office),
        )

    def page(
        self, request: Request, person: str, known: Stopped, given: dict[str, str] | None = None, **problems: str
    ) -> Response:
        text = stop_to_text(known.word) if known.word else ""
        return render(
            request,
            "key_stop.html",
            status=422 if problems else 200,
            known=known,
            state=_state(known),
            role=_role(known.role),
            mine=known.asked_by == person,
            alone=known.open and [who[0] for who in self.stops.people().get(known.station, ())] == [known.subject],
            before=self.stops.cut_before(known),
            text=text,
            picture=b64encode(picture(text, level="L")).decode() if text else "",
            given=given or {},
            problems=problems,
        )

    def ask(self, request: Request, official: str, given: dict[str, str]) -> Response:
        station, _gap, subject = given["who"].partition(" ")
        if not subject:
            return self.listed(request, given, who=_("Pilih petugasnya"))
        after = _whole(given["after"])
        if after is None and given["after"].strip():
            return self.listed(request, given, after=_("Tulis nomornya dengan angka saja, atau kosongkan"))
        try:
            asked = self.stops.ask(station, subject, official, given["reason"], after)
        except (NotOnThatStaff, KeyStopNeedsReason, StopKnown, FenceUnclear, SenderRevoked) as problem:
            return self.listed(request, given, **{_FIELD.get(type(problem), "who"): error_text(problem)})
        return RedirectResponse(f"/key-stops/{asked.number}", 303)

    def ask_earlier(self, request: Request, official: str, stop: int, given: dict[str, str]) -> Response:
        known, after = self.stops.find(stop), _whole(given["after"])
        if after is None:
            return self.page(request, official, known, given, after=_("Tulis nomornya dengan angka saja"))
        try:
            asked = self.stops.ask_earlier(stop, official, given["reason"], after)
        except (CutNotEarlier, KeyStopNeedsReason, StopKnown, FenceUnclear) as problem:
            return self.page(
                request, official, known, given, **{_FIELD.get(type(problem), "after"): error_text(problem)}
            )
        return RedirectResponse(f"/key-stops/{asked.number}", 303)

    def sign(self, request: Request, official: str, stop: int) -> Response:
        try:
            self.stops.sign(stop, official)
        except (SecondOfficialNeeded, KeyStopClosed) as problem:
            return self.page(request, official, self.stops.find(stop), sign=error_text(problem))
        return RedirectResponse(f"/key-stops/{stop}", 303)

    def take_back(self, request: Request, official: str, stop: int) -> Response:
        try:
            self.stops.take_back(stop, official)
        except KeyStopClosed as problem:
            return self.page(request, official, self.stops.find(stop), sign=error_text(problem))
        return RedirectResponse("/key-stops", 303)


def key_stop_routes(office: Office) -> APIRouter:
    """For any member of staff; two different ones are needed."""
    router = APIRouter(include_in_schema=False, prefix="/key-stops")
    desk = _Desk(office)

    @router.get("", dependencies=[STAFF])
    def every(request: Request) -> Response:
        return desk.listed(request)

    @router.post("")
    def ask(
        request: Request, person: Annotated[Person, STAFF], who: Words = "", after: Words = "", reason: Words = ""
    ) -> Response:
        return desk.ask(request, person.name, {"who": who, "after": after, "reason": reason})

    @router.get("/{stop}")
    def one(request: Request, person: Annotated[Person, STAFF], stop: int) -> Response:
        return desk.page(request, person.name, desk.stops.find(stop))

    @router.post("/{stop}/sign")
    def sign(request: Request, person: Annotated[Person, STAFF], stop: int) -> Response:
        return desk.sign(request, person.name, stop)

    @router.post("/{stop}/earlier")
    def earlier(
        request: Request, person: Annotated[Person, STAFF], stop: int, after: Words = "", reason: Words = ""
    ) -> Response:
        return desk.ask_earlier(request, person.name, stop, {"after": after, "reason": reason})

    @router.post("/{stop}/take-back")
    def take_back(request: Request, person: Annotated[Person, STAFF], stop: int) -> Response:
        return desk.take_back(request, person.name, stop)

    @router.get("/{stop}/word.txt", dependencies=[STAFF])
    def word(stop: int) -> Response:
        known = desk.stops.find(stop)
        if not known.word:
            raise KeyStopClosed
        headers = {"Content-Disposition": f'attachment; filename="henti-{known.subject}.txt"'}
        return Response(wrapped(stop_to_text(known.word)), media_type="text/plain", headers=headers)

    return router


def _whole(text: str) -> int | None:
    """A number as people write it, None for anything else."""
    digits = text.replace(".", "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER else None


def _state(known: Stopped) -> tuple[str, str]:
    """Tone and words of the badge."""
    if known.closed_by:
        return "neutral", _("Tidak jadi")
    if known.open:
        return "warning", _("Menunggu petugas kedua")
    if known.last is None:
        return "warning", _("Stasiun belum mendengarnya")
    return "success", _("Stasiun sudah menutup nama ini")


def _role(role: str) -> str:
    return _("supervisor") if role == "supervisor" else _("operator")


def _found(office: Office) -> Finding:
    waiting = office.operator_keys.stops.waiting()
    title = _("Penghentian kunci")
    if not waiting:
        return Finding("key-stops", title, Level.WELL, _("Tidak ada yang menunggu petugas kedua."))
    said = _("%(n)s penghentian kunci menunggu petugas kedua.", n=number(waiting))
    return Finding("key-stops", title, Level.WARNING, said, _("Buka dan putuskan."), "/key-stops")


def _probes(office: Office) -> list[Probe]:
    return [lambda: _found(office)]


_STATUSES: Final[dict[type[RekamError], Any]] = {KeyStopClosed: 404}
PART: Final = Part(
    key_stop_routes,
    tools=(
        Tool(
            "/key-stops",
            N_("Hentikan kunci seorang petugas"),
            N_("Petugas yang diberhentikan atau tidak dipercaya lagi, juga tanpa kemauan stasiun; dua petugas dinas."),
            rank=13,
        ),
    ),
    statuses=_STATUSES,
    probes=_probes,
)
