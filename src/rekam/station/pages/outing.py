"""`/outings/{number}`: one outing at a glance, its list of expected residents, setting out and coming back."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.zones import zone_of_region
from rekam.station.front import Front
from rekam.station.opened import Opened
from rekam.station.outing.expected import MOST_EXPECTED, Expected, Standing
from rekam.station.outing.outings import AnotherIsOut, Outing, OutingClosed, OutingState, UnknownOuting
from rekam.station.outing.room import room_left
from rekam.station.outing.throughput import Throughput
from rekam.station.pages.outing_chart import chart_of
from rekam.station.pages.outing_words import STANDINGS, outing_view, verdict_words
from rekam.station.views import age_seconds
from rekam.web.i18n import _
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.searches import Searches

__all__ = ["PART"]

_PAGE: Final = 50
_FEW: Final = 20
"""Recordings that still fit; below, the page says so before anybody is sent away."""


def outing_pages(front: Front) -> APIRouter:
    """Addresses hold the outing's number, and a token for what was searched for in its list."""
    station = front.station
    router = APIRouter(prefix="/outings/{number}", dependencies=[Depends(front.sessions.require)])

    @router.get("")
    def single(request: Request, number: int, taken: int | None = None) -> Response:
        outing = station.here.outings.find(number)
        return render(
            request,
            "outing/single.html",
            **_glance(front, outing),
            taken=taken,
            names=_names(front, outing),
            lone=_without_supervisor(front, outing),
        )

    @router.get("/list")
    def people(
        request: Request, number: int, standing: Standing | None = None, start: int = 0, found: str = ""
    ) -> Response:
        outing = station.here.outings.require_open(number)
        shown = _people(front, outing, standing, found, min(max(0, start), MOST_EXPECTED))
        return render(request, "outing/people.html", **shown)

    @router.post("/list")
    def search(number: int, text: Annotated[str, Form(max_length=100)] = "") -> Response:
        token = front.searches.remember(text.strip()) if text.strip() else ""
        return RedirectResponse(f"/outings/{number}/list{'?found=' + token if token else ''}", 303)

    @router.post("/clear")
    def clear(number: int) -> Response:
        station.here.outings.require_open(number)
        station.here.expected.clear(number)
        return RedirectResponse(f"/outings/{number}", 303)

    @router.post("/depart")
    def depart(number: int) -> Response:
        station.here.outings.depart(number)
        return RedirectResponse(f"/outings/{number}", 303)

    @router.post("/back")
    def back(number: int) -> Response:
        station.here.outings.come_back(number)
        return RedirectResponse(f"/outings/{number}/return", 303)

    return router


def _glance(front: Front, outing: Outing) -> dict[str, Any]:
    """The figures of one outing, as they stand now; of a closed one as they stood."""
    here = front.station.here
    if outing.state is not OutingState.CLOSED:
        here.expected.renew(outing.number, outing.asked)
    standings = here.expected.standings(outing.number)
    unsent, since = here.line.outbox.unsent()
    room = room_left(front.station.ports, here.store)
    return {
        "outing": outing_view(here, outing),
        "counts": outing.counts,
        "standings": {each.value: count for each, count in standings.items()},
        "listed": sum(standings.values()),
        "unsent": unsent,
        "oldest": age_seconds(front.clock, since),
        "room": room,
        "few": room.recordings < max(_FEW, standings[Standing.EXPECTED]),
        "certain": here.outings.certain,
        **_throughput(here, outing, standings[Standing.EXPECTED]),
    }


def _people(front: Front, outing: Outing, standing: Standing | None, found: str, begin: int) -> dict[str, Any]:
    """A page of the list: those of one standing, or those that were searched for."""
    here, words = front.station.here, front.searches.recall(found)
    here.expected.renew(outing.number, outing.asked)
    shown = here.expected.people(outing.number, standing, words=words, start=begin, limit=_PAGE + 1)
    counts = here.expected.standings(outing.number)
    return {
        "outing": outing_view(here, outing),
        "people": [_person(here, one, front.searches, outing) for one in shown[:_PAGE]],
        "tabs": [(each, _(STANDINGS[each][1]), counts[each]) for each in Standing if counts[each] or each is standing],
        "standing": standing,
        "listed": sum(counts.values()),
        "words": words,
        "found": found,
        "start": begin,
        "following": begin + _PAGE if len(shown) > _PAGE else None,
        "before": max(0, begin - _PAGE) if begin else None,
    }


def _throughput(here: Opened, outing: Outing, left: int) -> dict[str, Any]:
    """The pace, in figures, words and a drawing."""
    zone = zone_of_region(str(here.identity.station))
    moments = [at.astimezone(zone) for at in here.outings.recorded_at(outing.number)]
    work = Throughput.of(moments, outing.plan, left, here.legal.now().at.astimezone(zone))
    return {"work": work, "chart": chart_of(work), "verdict": verdict_words(work, here)}


def _person(here: Opened, one: Expected, searches: Searches, outing: Outing) -> dict[str, Any]:
    tone, words = STANDINGS[one.standing]
    regions = here.master.reference().regions
    elsewhere = one.village != outing.plan.village
    return {
        "person": one,
        "href": f"/residents/{searches.remember(one.nik)}",
        "tone": tone,
        "words": _(words),
        "at": datetime.fromisoformat(one.at) if one.at else None,
        "village": regions.name(one.village) if elsewhere and regions.exists(one.village) else "",
    }


def _names(front: Front, outing: Outing) -> str:
    known = {one.operator.subject: one.operator.name for one in front.station.operators.standings()}
    return ", ".join(known.get(one, one) for one in outing.plan.team)


def _without_supervisor(front: Front, outing: Outing) -> bool:
    """Whether nobody of the team may confirm exceptions or close a day."""
    return not any(one.supervises and one.subject in outing.plan.team for one in front.station.operators.listed())


PART: Final = Part(outing_pages, statuses={UnknownOuting: 404, OutingClosed: 409, AnotherIsOut: 409})
