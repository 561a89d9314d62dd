"""Wrong biodata at the counter: the form that writes a referral, its page with its copies, the list of them all."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.pages.counter import around
from rekam.station.pages.print_jobs import REASONS, job_row, pdf_answer
from rekam.station.pages.referral_view import EVIDENCE_NAMES, FIELD_NAMES, lines_of, referral_rows
from rekam.station.papers import MOST_REASON
from rekam.station.printing.queue import JobState
from rekam.station.referral.changes import Field as Line
from rekam.station.referral.changes import written
from rekam.station.referral.referrals import NothingReferred, PapersNotNamed, ReferralUnknown
from rekam.station.steps import Step
from rekam.station.unlock import Unlocked
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

_LISTED: Final = 50
_PARK, _CLOSE = "park", "close"
_CLOSED: Final = N_("Biodata dirujuk untuk diperbaiki di kartu keluarga, rujukan %(number)s.")
_Text = Annotated[str, Field(max_length=200)]


class _Given(BaseModel):
    """What was filled in: beside a line what the papers say of it; nothing beside what is right."""

    nik: _Text = ""
    name: _Text = ""
    birth_place: _Text = ""
    birth_date: _Text = ""
    sex: _Text = ""
    blood_type: _Text = ""
    address: _Text = ""
    religion: _Text = ""
    marital_status: _Text = ""
    occupation: _Text = ""
    citizenship: _Text = ""
    shown: list[str] = Field(default_factory=list)
    note: _Text = ""
    after: str = _PARK


def referral_pages(front: Front) -> APIRouter:
    """The station changes no biodata: it writes down what is said to be wrong, for the counter that may."""
    router = APIRouter()
    router.include_router(_form_pages(front))
    router.include_router(_single_pages(front))
    return router


def _form_pages(front: Front) -> APIRouter:
    station = front.station
    router = APIRouter(prefix="/sittings/{sitting_id}/referral", dependencies=[Depends(front.sessions.require)])
    operator = Annotated[Unlocked, Depends(front.sessions.require)]

    def page(request: Request, sitting_id: str, given: _Given, problem: RekamError | None = None) -> Response:
        sitting = station.sittings.find(sitting_id)
        shown = station.sittings.newer_biodata(sitting) or sitting.biodata
        held = written(shown, station.here.master.reference())
        return render(
            request,
            "referral/form.html",
            status=422 if problem else 200,
            **around(sitting, Step.BIODATA),
            lines=[(str(line), _(FIELD_NAMES[line]), held[line], getattr(given, line)) for line in Line],
            evidence=[(key, _(name)) for key, name in EVIDENCE_NAMES.items()],
            given=given,
            problems={_where(problem): error_text(problem)} if problem else {},
        )

    @router.get("")
    def ask(request: Request, sitting_id: str) -> Response:
        return page(request, sitting_id, _Given())

    @router.post("")
    def refer(request: Request, who: operator, sitting_id: str, given: Annotated[_Given, Form()]) -> Response:
        here = station.here
        try:
            sitting = station.sittings.find(sitting_id)
        except UnknownSitting:
            if known := here.referrals.of_sitting(sitting_id):  # pressed twice
                return RedirectResponse(f"/referrals/{known[0].id.key}", 303)
            raise
        said = {line: getattr(given, line) for line in Line}
        try:
            held = station.sittings.newer_biodata(sitting) or sitting.biodata
            by = who.operator.subject
            made = here.referrals.refer(sitting_id, held, said, tuple(given.shown), given.note, by)
        except (NothingReferred, PapersNotNamed) as problem:
            return page(request, sitting_id, given, problem)
        if given.after == _CLOSE:
            station.sittings.abandon(sitting_id, who, _CLOSED % {"number": made.id.number})
        return RedirectResponse(f"/referrals/{made.id.key}", 303)

    return router


def _single_pages(front: Front) -> APIRouter:
    station = front.station
    router = APIRouter(prefix="/referrals", dependencies=[Depends(front.sessions.require)])
    operator = Annotated[Unlocked, Depends(front.sessions.require)]

    @router.get("")
    def listed(request: Request) -> Response:
        rows = referral_rows(station.here, station.here.referrals.newest(_LISTED))
        return render(request, "referral/list.html", rows=rows, limit=_LISTED)

    @router.get("/{key}")
    def single(request: Request, who: operator, key: str) -> Response:
        here = station.here
        referral = here.referrals.find(key)
        front.resident.clear(who.operator.subject)
        (row,) = referral_rows(here, [referral])
        return render(
            request,
            "referral/referral.html",
            referral=referral,
            row=row,
            lines=lines_of(referral, row["now"], here.master.reference()),
            shown=[_(EVIDENCE_NAMES[paper]) for paper in referral.shown],
            resident=f"/residents/{front.searches.remember(referral.nik)}" if row["now"] else None,
            **_copies(front, key),
        )

    @router.post("/{key}/paper")
    def paper(who: operator, key: str, reason: Annotated[str, Form(max_length=MOST_REASON)] = "") -> Response:
        here = station.here
        by, referral = who.operator.subject, here.referrals.find(key)
        issued = here.referral_papers.issue(referral, by, reason, queued=here.printing.add)
        if here.printing.begin(issued).state is JobState.SHOWN:
            return pdf_answer(issued.pdf, issued.kind)
        return RedirectResponse(f"/referrals/{key}", 303)

    return router


def _copies(front: Front, key: str) -> dict[str, Any]:
    here = front.station.here
    return {
        "register": here.referral_papers.register(here.referrals.find(key)),
        "printer": here.printer.address,
        "reasons": [(each, _(each)) for each in REASONS],
        "jobs": [job_row(job) for job in here.printing.of(key) if job.kind == "referral" and job.state.open],
    }


def _where(problem: RekamError) -> str:
    """The field at which a refused form begins anew."""
    return "shown" if isinstance(problem, PapersNotNamed) else str(Line.NAME)


PART: Final = Part(referral_pages, statuses={ReferralUnknown: 404})
