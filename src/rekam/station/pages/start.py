"""The start page: look a resident up, or take up a half-done sitting. The resident's page is in `residents`."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.front import STAFF, Front
from rekam.station.lookup.lookup import Found, How
from rekam.station.pages.referral_view import referral_rows
from rekam.station.pages.residents import family_view
from rekam.station.pages.words import STEP_NAMES
from rekam.station.recordings import Recording
from rekam.station.referral.referral import Referral, Standing
from rekam.station.sitting import Sitting
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.trust.clock import LegalClock
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.searches import Searches
from rekam.web.site import MenuItem

__all__ = ["PART", "leads_to"]

_LONGEST: Final = 5000
"""Characters of a question that are looked at; the longest code on paper has 4,296 (ISO/IEC 18004)."""
_KEYS: Final = "123456789"


def start_pages(front: Front) -> APIRouter:
    """`?found=` names a search without saying what was searched for."""
    station, sessions, searches = front.station, front.sessions, front.searches
    router = APIRouter(dependencies=[Depends(sessions.require)])
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("/")
    def start(request: Request, who: operator, found: str = "") -> Response:
        front.resident.clear(who.operator.subject)
        text = searches.recall(found)
        answer = answered(station, text) if text else Found()
        return render(
            request,
            "start.html",
            status=422 if answer.problem and not answer.people else 200,
            text=text,
            drafts=[] if text else half_done(station),
            closed=station.here.day_end.is_closed(station.here.day_end.today()),
            left_open=station.here.day_end.left_open() if not text else [],
            people=listed(station, searches, answer),
            like=answer.how is How.LIKE_NUMBER,
            read_as=answer.read_as,
            unindexed=_share(station.here.residents.names.missing(), station),
            refusal=error_text(answer.problem) if answer.problem else None,
        )

    @router.post("/")
    def search(text: Annotated[str, Form()] = "") -> Response:
        return RedirectResponse(leads_to(station, searches, text) if text.strip() else "/", 303)

    return router


def leads_to(station: Station, searches: Searches, text: str) -> str:
    """The address of what was typed or scanned: a recording, the resident who is certainly meant, else the list of
    those found, or the sentence that says why there is none.
    """
    wanted = text[:_LONGEST]
    with suppress(RekamError):
        found = station.here.codes.ask(wanted)
        if isinstance(found, Recording):
            return f"/recordings/{found.packet_id}"
        if isinstance(found, Referral):
            return f"/referrals/{found.id.key}"
    answer = answered(station, wanted)
    if answer.certain:
        return f"/residents/{searches.remember(answer.people[0].nik)}"
    return f"/?found={searches.remember(wanted)}"


def answered(station: Station, text: str) -> Found:
    """Whom the extract has for this text; why nobody, where a code says nothing or something else."""
    try:
        found = station.here.codes.ask(text)
    except RekamError as problem:
        return Found(problem=problem, how=How.NUMBER)
    return found if isinstance(found, Found) else station.here.lookup.ask(text.strip())


def listed(station: Station, searches: Searches, answer: Found) -> list[dict[str, Any]]:
    """One row for each resident found: the way there, the key that opens it, and whether they are recorded."""
    return [
        {
            **family_view(station.here.family.member(person), searches),
            "key": _KEYS[at] if at < len(_KEYS) else None,
        }
        for at, person in enumerate(answer.people)
    ]


def half_done(station: Station) -> list[dict[str, Any]]:
    """The sittings that wait to be taken up again: which step comes next, and how long ago they began."""
    return sorted((_under_way(station, sitting) for sitting in station.here.drafts.heads()), key=_order)


def _under_way(station: Station, sitting: Sitting) -> dict[str, Any]:
    here = station.here
    referral = next(iter(referral_rows(here, here.referrals.of_sitting(sitting.sitting_id)[:1])), None)
    return {
        "sitting": sitting,
        "step": _(STEP_NAMES[sitting.next_step]),
        "opened": seconds_since(sitting.opened_at, here.legal),
        "referral": referral,
        # one with a referral says so by what became of that
        "changed": referral is None and station.sittings.newer_biodata(sitting) is not None,
    }


def _order(row: dict[str, Any]) -> int:
    """What can go on before what waits for a family card."""
    referral = row["referral"]
    return int(referral is not None and referral["standing"] not in {Standing.CORRECTED, Standing.KEPT})


def seconds_since(at: str, legal: LegalClock) -> float:
    """How long ago by the legal time, in which `at` was noted; a laptop's own clock may be years off."""
    return (legal.now().at - datetime.fromisoformat(at)).total_seconds()


def _share(missing: int, station: Station) -> int | None:
    """Per cent of the extract that can be found by name; None once all can."""
    return 100 - 100 * missing // max(1, station.here.residents.count()) if missing else None


_BELOW: Final = ("/check", "/held", "/residents", "/scan", "/sittings", "/referrals")
"""Everything between a resident's sitting down and the recording that is saved."""

PART: Final = Part(start_pages, menu=(MenuItem("/", N_("Rekam penduduk"), STAFF, rank=10, below=_BELOW),))
