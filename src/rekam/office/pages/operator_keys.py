"""`/operator-keys`: stations ask for new operators and supervisors, or a new key after a forgotten PIN; two decide."""

from base64 import b64encode
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.documents.qr import picture
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.key_request import KeyRequestUnproved
from rekam.exchange.key_request_text import answer_to_text, request_from_text, wrapped
from rekam.exchange.recovery import CodeWrong
from rekam.office.key_book import KeyAsked, KeyRequestUnknown
from rekam.office.key_decisions import KeyRequestClosed, RefusalNeedsReason, SupervisorsNotHeard
from rekam.office.office import Office
from rekam.office.pages.words import since
from rekam.web.brought_text import BroughtText
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
    CodeWrong: "letters", RefusalNeedsReason: "reason", SupervisorsNotHeard: "heard",
}  # fmt: skip
_CLOSED: Final = {
    "refused": N_("Ditolak"),
    "letters": N_("Ditutup: tiga kali huruf yang salah"),
    "withdrawn": N_("Ditarik kembali oleh stasiun"),
    "replaced": N_("Diganti permintaan yang lebih baru"),
    "superseded": N_("Ditutup: stasiun dipasang ulang"),
}
RequestId = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
Words = Annotated[str, Form(max_length=300)]


class _Desk:
    """The two pages, over one office."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.keys = office.operator_keys
        self.book = office.operator_keys.book
        self.decisions = office.operator_keys.decisions

    def listed(self, request: Request, problem: RekamError | None = None) -> Response:
        every = self.book.requests()
        return render(
            request,
            "operator_keys.html",
            status=422 if problem else 200,
            waiting=[(one, _wanted(one)) for one in every if one.open],
            done=[(one, _wanted(one), _state(one)) for one in every if not one.open],
            problems={"text": error_text(problem)} if problem else {},
            since=since(self.office),
        )

    def page(
        self, request: Request, person: str, request_id: str, problem: RekamError | None = None, letters: str = ""
    ) -> Response:
        known, answer = self.book.find(request_id), self.keys.answer(request_id)
        text = answer_to_text(answer) if answer else ""
        return render(
            request,
            "operator_key.html",
            status=422 if problem else 200,
            known=known,
            state=_state(known),
            wanted=_wanted(known),
            after=self.keys.ends.after(known.ends) if known.ends else None,
            supervisors=self.office.operator_keys.grounds.supervisors(known.station, known.subject),
            letters=letters,
            mine=person in known.officials,
            text=text,
            picture=b64encode(picture(text, level="L")).decode() if text else "",
            problems={_FIELD.get(type(problem), "letters"): error_text(problem)} if problem else {},
        )


def operator_key_routes(office: Office) -> APIRouter:
    """For any member of staff; two different ones are needed."""
    router = APIRouter(include_in_schema=False, prefix="/operator-keys")
    desk, keys = _Desk(office), office.operator_keys

    @router.get("", dependencies=[STAFF])
    def every(request: Request) -> Response:
        return desk.listed(request)

    @router.post("", dependencies=[STAFF])
    def read(
        request: Request,
        brought: BroughtText,
    ) -> Response:
        """What came on a stick or was pasted."""
        try:
            asked = keys.take(request_from_text(brought), "text")
        except (KeyRequestUnproved, SenderRevoked) as problem:
            return desk.listed(request, problem)
        return RedirectResponse(f"/operator-keys/{asked.request}", 303)

    @router.get("/{request_id}")
    def one(request: Request, person: Annotated[Person, STAFF], request_id: RequestId) -> Response:
        return desk.page(request, person.name, request_id)

    @router.get("/{request_id}/answer.txt", dependencies=[STAFF])
    def answer(request_id: RequestId) -> Response:
        given = keys.answer(request_id)
        if given is None:
            raise KeyRequestUnknown
        name = f"jawaban-{desk.book.find(request_id).subject}.txt"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(wrapped(answer_to_text(given)), media_type="text/plain", headers=headers)

    _deeds(router, desk)
    return router


def _deeds(router: APIRouter, desk: _Desk) -> None:
    @router.post("/{request_id}/approve")
    def approve(
        request: Request,
        person: Annotated[Person, STAFF],
        request_id: RequestId,
        letters: Words = "",
        heard: Annotated[str, Form(max_length=8)] = "",
    ) -> Response:
        try:
            desk.decisions.approve(request_id, person.name, letters, heard=heard == "yes")
        except (CodeWrong, KeyRequestClosed, SenderRevoked, SupervisorsNotHeard) as problem:
            return desk.page(request, person.name, request_id, problem, letters)
        return RedirectResponse(f"/operator-keys/{request_id}", 303)

    @router.post("/{request_id}/refuse")
    def refuse(
        request: Request, person: Annotated[Person, STAFF], request_id: RequestId, reason: Words = ""
    ) -> Response:
        try:
            desk.decisions.refuse(request_id, person.name, reason)
        except (RefusalNeedsReason, KeyRequestClosed) as problem:
            return desk.page(request, person.name, request_id, problem)
        return RedirectResponse(f"/operator-keys/{request_id}", 303)


def _state(known: KeyAsked) -> tuple[str, str]:
    """Tone and words of the badge."""
    if known.certificate:
        return "success", _("Kunci disahkan")
    if known.closed:
        return "neutral", _(_CLOSED[known.closed])
    return "warning", _("%(n)s dari 2 persetujuan", n=len(known.officials))


def _wanted(known: KeyAsked) -> str:
    """What the key is for, in a word or two."""
    if known.why == "forgotten":
        return _("lupa PIN, supervisor") if known.role == "supervisor" else _("lupa PIN")
    return _("supervisor baru") if known.role == "supervisor" else _("petugas baru")


def _found(office: Office) -> Finding:
    waiting = office.operator_keys.book.waiting()
    title = _("Kunci petugas stasiun")
    if not waiting:
        return Finding("operator-keys", title, Level.WELL, _("Tidak ada permintaan yang menunggu."))
    said = _("%(n)s permintaan kunci petugas menunggu persetujuan.", n=number(waiting))
    return Finding("operator-keys", title, Level.WARNING, said, _("Telepon stasiunnya."), "/operator-keys")


def _probes(office: Office) -> list[Probe]:
    return [lambda: _found(office)]


PART: Final = Part(
    operator_key_routes,
    tools=(
        Tool(
            "/operator-keys",
            N_("Kunci petugas stasiun"),
            N_("Petugas atau supervisor baru, PIN baru bagi yang lupa; dua petugas dinas menyetujui."),
            rank=12,
        ),
    ),
    statuses={KeyRequestUnknown: 404, KeyRequestClosed: 409, RefusalNeedsReason: 422, SupervisorsNotHeard: 422},
    probes=_probes,
)
