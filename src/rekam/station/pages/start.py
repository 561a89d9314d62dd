"""The start page: look a resident up, or take up a half-done sitting. The resident's page is in `residents`."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.station.front import STAFF, Front
from rekam.station.lookup.lookup import Found, How
from rekam.station.pages.recordings import is_packet_number, where_found
from rekam.station.pages.residents import family_view
from rekam.station.pages.words import STEP_NAMES
from rekam.station.searches import Searches
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.trust.clock import LegalClock
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]

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
        answer = station.here.lookup.ask(text) if text else Found()
        return render(
            request,
            "start.html",
            status=422 if answer.problem and not answer.people else 200,
            text=text,
            drafts=half_done(station),
            people=listed(station, searches, answer),
            like=answer.how is How.LIKE_NUMBER,
            read_as=answer.read_as,
            unindexed=_share(station.here.residents.names.missing(), station),
            refusal=error_text(answer.problem) if answer.problem else None,
        )

    @router.post("/")
    def search(text: Annotated[str, Form()] = "") -> Response:
        wanted = text.strip()[:_LONGEST]
        if not wanted:
            return RedirectResponse("/", 303)
        if is_packet_number(wanted) and (where := where_found(station, searches, wanted)):
            return RedirectResponse(where, 303)
        answer = station.here.lookup.ask(wanted)
        if answer.certain:
            return RedirectResponse(f"/residents/{searches.remember(answer.people[0].nik)}", 303)
        return RedirectResponse(f"/?found={searches.remember(wanted)}", 303)

    return router


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
    return [
        {
            "sitting": sitting,
            "step": _(STEP_NAMES[sitting.next_step]),
            "opened": seconds_since(sitting.opened_at, station.here.legal),
        }
        for sitting in station.here.drafts.open_sittings()
    ]


def seconds_since(at: str, legal: LegalClock) -> float:
    """How long ago by the legal time, in which `at` was noted; a laptop's own clock may be years off."""
    return (legal.now().at - datetime.fromisoformat(at)).total_seconds()


def _share(missing: int, station: Station) -> int | None:
    """Per cent of the extract that can be found by name; None once all can."""
    return 100 - 100 * missing // max(1, station.here.residents.count()) if missing else None


PART: Final = Part(start_pages, menu=(MenuItem("/", N_("Rekam penduduk"), STAFF, rank=10),))
