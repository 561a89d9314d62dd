"""The start page: look a resident up, see at once whether they are recorded, begin or take up a sitting."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import Nik
from rekam.station.front import STAFF, Front
from rekam.station.pages.answer import answer_of
from rekam.station.pages.words import STEP_NAMES, card_words
from rekam.station.residents import NotInExtract
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.trust.clock import LegalClock
from rekam.web.i18n import N_, _, error_text, language
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]

_NIK_DIGITS = 16


def start_pages(front: Front) -> APIRouter:
    """`?found=` names a search without saying what was searched for."""
    station, sessions, searches = front.station, front.sessions, front.searches
    router = APIRouter()
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("/", dependencies=[Depends(sessions.require)])
    def start(request: Request, found: str = "") -> Response:
        text = searches.recall(found)
        looked = look_up(station, text)
        return render(
            request,
            "start.html",
            status=422 if looked.problem and isinstance(looked.problem, RekamError) and text else 200,
            text=text,
            drafts=half_done(station),
            people=[(person, searches.remember(person.nik)) for person in looked.people],
            refusal=error_text(looked.problem) if looked.problem else None,
        )

    @router.post("/", dependencies=[Depends(sessions.require)])
    def search(text: Annotated[str, Form(max_length=100)] = "") -> Response:
        wanted = text.strip()
        if not wanted:
            return RedirectResponse("/", 303)
        people = look_up(station, wanted).people
        if len(people) == 1:
            return RedirectResponse(f"/residents/{searches.remember(people[0].nik)}", 303)
        return RedirectResponse(f"/?found={searches.remember(wanted)}", 303)

    @router.get("/residents/{token}", dependencies=[Depends(sessions.require)])
    def resident(request: Request, token: str) -> Response:
        nik = searches.recall(token)
        if not nik:
            return RedirectResponse("/", 303)
        biodata = station.here.residents.find(nik)
        family = [(person, searches.remember(person.nik)) for person in station.here.residents.family(biodata.kk)]
        return render(
            request,
            "resident.html",
            biodata=biodata,
            words=card_words(biodata, station.here.master.reference()),
            family=family,
            answer=answer_of(station.ask(biodata.nik), station),
            draft=station.here.drafts.open_of(biodata.nik),
            recordings=station.here.recordings.of_nik(biodata.nik),
            nik_warnings=[warning.words(language()) for warning in biodata.warnings()],
        )

    @router.post("/sittings")
    def begin(who: operator, nik: Annotated[str, Form(max_length=40)]) -> Response:
        sitting = station.sittings.open(nik, who)
        station.here.queue.bind(sitting.sitting_id, who.operator.subject)
        return RedirectResponse(f"/sittings/{sitting.sitting_id}", 303)

    return router


def half_done(station: Station) -> list[dict[str, Any]]:
    """The sittings that wait to be taken up again: which step comes next, and how long ago they began."""
    return [
        {
            "sitting": sitting,
            "step": _(STEP_NAMES[sitting.next_step]),
            "opened": seconds_since(sitting.opened_at, station.here.legal),
        }
        for sitting in station.here.drafts.open_sittings()
    ]


@dataclass(frozen=True)
class Looked:
    """Whom a search found, or why nobody."""

    people: list[Biodata]
    problem: RekamError | None = None


def look_up(station: Station, text: str) -> Looked:
    """By NIK, by family card, by a part of the name. A number of sixteen digits that cannot be a NIK says why."""
    digits = "".join(text.replace(".", " ").split())
    people = station.here.residents.search(digits if digits.isdigit() else text)
    if people or not (digits.isdigit() and len(digits) == _NIK_DIGITS):
        return Looked(people)
    try:
        return Looked([], NotInExtract(nik=Nik.parse(digits).grouped()))
    except RekamError as problem:
        return Looked([], problem)


def seconds_since(at: str, legal: LegalClock) -> float:
    """How long ago by the legal time, in which `at` was noted; a laptop's own clock may be years off."""
    return (legal.now().at - datetime.fromisoformat(at)).total_seconds()


PART: Final = Part(start_pages, menu=(MenuItem("/", N_("Rekam penduduk"), STAFF, rank=10),))
