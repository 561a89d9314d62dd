"""`/residents`: what the family card counter corrected, brought in and sent to the stations; one resident or a file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import Nik
from rekam.exchange.corrections import Waiting
from rekam.office.office import Office
from rekam.office.pages.previews import SHOWN, Previews
from rekam.office.pages.resident_words import LINE_NAMES, NOTE_NAMES, SAID
from rekam.office.pages.words import since
from rekam.office.proposal import Proposal, Proposed
from rekam.office.resident_list import FILE_BYTES, ResidentFileUnusable, propose, read_rows
from rekam.office.resident_values import NOTES, Line, put, shown
from rekam.web.format import number
from rekam.web.health import Finding, Level, Probe
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import fragment, render
from rekam.web.part import Part
from rekam.web.searches import Searches
from rekam.web.sent_file import sent_form
from rekam.web.site import MenuItem, Person
from rekam.web.staff.guard import require

__all__ = ["PART"]

STAFF = Depends(require())
_LISTED: Final = 50


class _Desk:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.corrections = office.corrections
        self.answers = office.correction_answers
        self.searches = Searches()
        self.previews = Previews(self._read, self.corrections.bring)

    def listed(self, request: Request, person: str, problems: dict[str, str] | None = None, nik: str = "") -> Response:
        referrals, ago = self.answers.referrals(_LISTED), since(self.office)
        return render(
            request,
            "residents/list.html",
            status=422 if problems else 200,
            problems=problems or {},
            nik=nik,
            referrals=[
                (
                    one,
                    f"/residents/{self.searches.remember(one.referral.nik)}",
                    ago(datetime.fromisoformat(one.referral.at)),
                )
                for one in referrals
            ],
            names=LINE_NAMES,
            said=SAID,
            newest=self.corrections.newest(_LISTED),
            stations=self.answers.standing(),
            columns=", ".join(Line),
            under_way=self.previews.under_way(person),
        )

    def form(self, request: Request, nik: str, given: dict[Line, str] | None, problem: RekamError | None) -> Response:
        reference = self.office.master.reference()
        now = self.corrections.now([nik]).get(nik)
        values = given or (shown(now, reference) if now else {Line.NIK: nik})
        wrong = str(problem.facts.get("line", Line.NAME)) if problem else ""
        return render(
            request,
            "residents/form.html",
            status=422 if problem else 200,
            token=self.searches.remember(nik),
            known=now is not None,
            name=now.biodata.name if now else "",
            nik=nik,
            lines=[(line, _(LINE_NAMES[line]), values.get(line, "")) for line in Line if line not in _OWN],
            values=values,
            notes=[(word, _(NOTE_NAMES[word])) for word in NOTES],
            referral=self._referral_of(nik),
            said={SAID[key]: text for key, text in self._said(nik).items() if key in SAID},
            problems={wrong: error_text(problem)} if problem else {},
        )

    def look(self, request: Request, nik: str, given: dict[Line, str], person: str) -> Response:
        """A preview of one resident's form."""
        reference, today = self.office.master.reference(), self.office.dates.today()
        now = self.corrections.now([nik]).get(nik)
        try:
            wanted = put({**given, Line.NIK: nik}, now, reference, today)
        except RekamError as problem:
            return self.form(request, nik, {**given, Line.NIK: nik}, problem)
        proposal = propose([(1, {**given, Line.NIK: nik})], self.corrections, reference, today)
        if not proposal.changes:  # the family card was right: this, too, answers a referral
            proposal = replace(proposal, changes=(Proposed(1, replace(wanted, confirms=True), now, ()),), same=0)
        return RedirectResponse(f"/residents/previews/{self.previews.keep(proposal, 'form', person)}", 303)

    def file(self, request: Request, data: bytes, person: str) -> Response:
        """Read in a thread; a small one, or one that is no list, is told at once."""
        token = self.previews.read(data, person)
        found = self.previews.of(token, person)
        if found is not None and found.problem is not None:
            return self.listed(request, person, {"file": error_text(found.problem)})
        return RedirectResponse(f"/residents/previews/{token}", 303)

    def preview(self, request: Request, token: str, person: str) -> Response:
        found = self.previews.of(token, person)
        if found is None:
            return RedirectResponse("/residents", 303)
        if found.problem is not None and found.proposal is None:
            return self.listed(request, person, {"file": error_text(found.problem)})
        proposal = found.proposal or Proposal()
        first = proposal.changes[:SHOWN]
        return render(
            request,
            "residents/preview.html",
            token=token,
            found=found,
            problem=error_text(found.problem) if found.problem else None,
            proposal=proposal,
            brought=found.brought,
            shown=first,
            refused=[(one, error_text(one.problem)) for one in proposal.refused[:SHOWN]],
            names=LINE_NAMES,
            hearers={one.row: sorted(self.corrections.hearers(one.wanted.biodata)) for one in first},
            limit=SHOWN,
            more=max(len(proposal.changes), found.total if found.brought else 0) > SHOWN,
        )

    def state(self, request: Request, token: str, person: str) -> Response:
        """How far it is; the whole page once it ended."""
        found = self.previews.of(token, person)
        if found is None or found.doing is None:
            return Response(headers={"HX-Refresh": "true"})
        return fragment(request, "residents/progress.html", token=token, found=found)

    def _read(self, data: bytes, told: Callable[[int, int], object]) -> Proposal:
        reference, today = self.office.master.reference(), self.office.dates.today()
        return propose(read_rows(data), self.corrections, reference, today, told)

    def _referral_of(self, nik: str) -> Waiting | None:
        return next((one.referral for one in self.answers.referrals(SHOWN) if one.referral.nik == nik), None)

    def _said(self, nik: str) -> dict[str, str]:
        found = self._referral_of(nik)
        return dict(found.said) if found else {}


_OWN: Final = frozenset({Line.NIK, Line.NOTE, Line.SINCE})


def resident_routes(office: Office) -> APIRouter:
    """For any member of staff. No NIK stands in an address."""
    router = APIRouter(include_in_schema=False, prefix="/residents")
    desk = _Desk(office)

    @router.get("")
    def listed(request: Request, person: Annotated[Person, STAFF]) -> Response:
        return desk.listed(request, person.name)

    @router.post("")
    def find(
        request: Request, person: Annotated[Person, STAFF], nik: Annotated[str, Form(max_length=60)] = ""
    ) -> Response:
        try:
            return RedirectResponse(f"/residents/{desk.searches.remember(Nik.parse(nik))}", 303)
        except RekamError as problem:
            return desk.listed(request, person.name, {"nik": error_text(problem)}, nik)

    router.include_router(_previewed(desk))  # before the token of one resident

    @router.get("/{token}", dependencies=[STAFF])
    def form(request: Request, token: str) -> Response:
        nik = desk.searches.recall(token)
        return desk.form(request, nik, None, None) if nik else RedirectResponse("/residents", 303)

    @router.post("/{token}")
    async def look(request: Request, person: Annotated[Person, STAFF], token: str) -> Response:
        nik, sent = desk.searches.recall(token), await request.form()
        if not nik:
            return RedirectResponse("/residents", 303)
        given = {line: str(sent.get(line, ""))[:_LONGEST] for line in Line}
        return await _in_thread(desk.look, request, nik, given, person.name)

    return router


def _previewed(desk: _Desk) -> APIRouter:
    """A file, and whatever is looked at before it is brought in."""
    router = APIRouter()

    @router.post("/file")
    async def file(request: Request, person: Annotated[Person, STAFF]) -> Response:
        sent = await sent_form(request, "file", limit=FILE_BYTES, too_large=_too_large, broken=_broken)
        return await _in_thread(desk.file, request, sent.file, person.name)

    @router.get("/previews/{token}")
    def preview(request: Request, person: Annotated[Person, STAFF], token: str) -> Response:
        return desk.preview(request, token, person.name)

    @router.post("/previews/{token}")
    def take(person: Annotated[Person, STAFF], token: str) -> Response:
        desk.previews.bring(token, person.name)
        return RedirectResponse(f"/residents/previews/{token}", 303)

    @router.get("/previews/{token}/state")
    def state(request: Request, person: Annotated[Person, STAFF], token: str) -> Response:
        return desk.state(request, token, person.name)

    return router


_LONGEST: Final = 200


async def _in_thread(do: Any, *arguments: Any) -> Response:
    return await run_in_threadpool(do, *arguments)


def _too_large(_size: int) -> RekamError:
    return ResidentFileUnusable(reason="it is too large")


def _broken() -> RekamError:
    return ResidentFileUnusable(reason="it came broken")


def _probes(office: Office) -> list[Probe]:
    return [lambda: _found(office)]


def _found(office: Office) -> Finding:
    title, href = _("Perbaikan biodata"), "/residents"
    ahead = [one.station for one in office.correction_answers.standing() if one.ahead]
    if ahead:
        said = _("Stasiun %(names)s memuat perbaikan yang tidak ada lagi di dinas ini.", names=", ".join(ahead))
        todo = _("Server dinas dibangun ulang dari simpanan lama. Masukkan lagi perbaikan sejak simpanan itu.")
        return Finding("corrections", title, Level.WARNING, said, todo, href)
    waiting = office.correction_answers.unanswered()
    said = _("%(n)s rujukan menunggu loket kartu keluarga.", n=number(waiting))
    return Finding("corrections", title, Level.WELL, said, href=href)


PART: Final = Part(resident_routes, menu=(MenuItem("/residents", N_("Biodata"), rank=25),), probes=_probes)
