"""`/outings/new` and `/outings/N/plan`: planning an outing (jemput bola), and changing the plan."""

from collections.abc import Callable
from datetime import date, time
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.front import Front
from rekam.station.outing.outings import Outing
from rekam.station.outing.plan import (
    OutingBackwards,
    OutingHoursInvalid,
    OutingInThePast,
    OutingNeedsPlace,
    OutingNeedsTeam,
    OutingNotAVillage,
    OutingPlan,
    OutingTooLong,
)
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.trust.random import SystemRandom
from rekam.web.i18n import error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]


class OutingDatesUnreadable(RekamError):
    """'{text}' is no date of the calendar, or no time of day. Nothing was saved. Choose days and hours again."""


_Text = Annotated[str, Form(max_length=200)]
_FIELD_OF: Final[dict[type[RekamError], str]] = {
    OutingNeedsPlace: "place",
    OutingNotAVillage: "village",
    OutingBackwards: "first_day",
    OutingDatesUnreadable: "first_day",
    OutingTooLong: "first_day",
    OutingInThePast: "first_day",
    OutingHoursInvalid: "opens",
    OutingNeedsTeam: "team",
}
_PROBLEMS: Final[tuple[type[RekamError], ...]] = tuple(_FIELD_OF)
_T = TypeVar("_T")
_USUAL: Final = {"opens": "08:00", "closes": "16:00"}


def outing_plans(front: Front) -> APIRouter:
    """Anybody who works at the station plans and changes; a supervisor closes (`outing_return`)."""
    station = front.station
    router = APIRouter(prefix="/outings")
    operator = Annotated[Unlocked, Depends(front.sessions.require)]
    signed_in = [Depends(front.sessions.require)]

    def form(
        request: Request, given: dict[str, Any], outing: Outing | None, problem: RekamError | None = None
    ) -> Response:
        here = station.here
        problems = {_FIELD_OF.get(type(problem), "first_day"): error_text(problem)} if problem else {}
        return render(
            request,
            "outing/plan.html",
            status=422 if problem else 200,
            given=given,
            outing=outing,
            problems=problems,
            villages=_villages(station),
            staff=[(one.subject, one.name, one.role) for one in station.operators.listed()],
            certain=here.outings.certain,
            once=given.get("once") or SystemRandom().bytes(12).hex(),
        )

    @router.get("/new")
    def blank(request: Request, who: operator) -> Response:
        today = station.here.outings.today.isoformat()
        given = {
            "place": "",
            "village": "",
            "vehicle": "",
            "contact": "",
            "first_day": today,
            "last_day": today,
            "team": [who.operator.subject],
            **_USUAL,
        }
        return form(request, given, None)

    @router.get("/{number}/plan", dependencies=signed_in)
    def current(request: Request, number: int) -> Response:
        outing = station.here.outings.require_open(number)
        return form(request, _given(outing.plan), outing)

    @router.post("/new")
    @router.post("/{number}/plan")
    def save(
        request: Request,
        who: operator,
        place: _Text = "",
        village: _Text = "",
        first_day: _Text = "",
        last_day: _Text = "",
        opens: _Text = "",
        closes: _Text = "",
        team: Annotated[list[str] | None, Form()] = None,
        vehicle: _Text = "",
        contact: _Text = "",
        once: _Text = "",
        number: int = 0,
    ) -> Response:
        here = station.here
        known = {one.subject for one in station.operators.listed()}
        given = {
            "place": place,
            "village": village,
            "first_day": first_day,
            "last_day": last_day or first_day,
            "opens": opens,
            "closes": closes,
            "team": [one for one in team or () if one in known],
            "vehicle": vehicle,
            "contact": contact,
        }
        outing = here.outings.require_open(number) if number else None
        try:
            plan = _read(given)
            if outing is not None:
                here.outings.change(number, plan)
                return RedirectResponse(f"/outings/{number}", 303)
            made = here.outings.plan(plan, by=who.operator.subject, once=once or SystemRandom().bytes(12).hex())
        except _PROBLEMS as problem:
            return form(request, given | {"once": once}, outing, problem)
        return RedirectResponse(f"/outings/{made.number}", 303)

    return router


def _read(given: dict[str, Any]) -> OutingPlan:
    return OutingPlan(
        given["place"],
        given["village"],
        _parsed(date.fromisoformat, given["first_day"]),
        _parsed(date.fromisoformat, given["last_day"]),
        _parsed(time.fromisoformat, given["opens"].replace(".", ":")),
        _parsed(time.fromisoformat, given["closes"].replace(".", ":")),
        tuple(given["team"]),
        given["vehicle"],
        given["contact"],
    )


def _parsed(read: Callable[[str], _T], text: str) -> _T:
    try:
        return read(text)
    except ValueError:
        raise OutingDatesUnreadable(text=text[:20]) from None


def _given(plan: OutingPlan) -> dict[str, Any]:
    return vars(plan) | {
        "first_day": plan.first_day.isoformat(),
        "last_day": plan.last_day.isoformat(),
        "opens": f"{plan.opens:%H:%M}",
        "closes": f"{plan.closes:%H:%M}",
    }


def _villages(station: Station) -> list[tuple[str, list[tuple[str, str]]]]:
    """Those of the regency by district, the station's own district first."""
    regions, digits = station.here.master.reference().regions, str(station.here.identity.station)
    own = f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}"
    districts = regions.children(own.rpartition(".")[0]) if regions.exists(own.rpartition(".")[0]) else ()
    ordered = sorted(districts, key=lambda code: (code != own, code))
    return [(regions.name(code), [(one, regions.name(one)) for one in regions.children(code)]) for code in ordered]


PART: Final = Part(outing_plans)
