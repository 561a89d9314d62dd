"""`/outings/new` and `/outings/N/plan`: planning an outing (jemput bola), and changing the plan."""

from collections.abc import Callable, Collection
from datetime import date, time
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel, Field
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


_Text = Annotated[str, Field(max_length=200)]
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


class _PlanForm(BaseModel):
    """A plan as it was typed."""

    place: _Text = ""
    village: _Text = ""
    first_day: _Text = ""
    last_day: _Text = ""
    opens: _Text = ""
    closes: _Text = ""
    team: list[str] = []
    vehicle: _Text = ""
    contact: _Text = ""
    once: _Text = ""

    def model_post_init(self, context: object, /) -> None:
        """Without a last day it is one day."""
        del context
        self.last_day = self.last_day or self.first_day

    def plan(self, known: Collection[str]) -> OutingPlan:
        """With those of the team who are known. Raises what is told beside a field (`_FIELD_OF`)."""
        return OutingPlan(
            self.place,
            self.village,
            _parsed(date.fromisoformat, self.first_day),
            _parsed(date.fromisoformat, self.last_day),
            _parsed(time.fromisoformat, self.opens.replace(".", ":")),
            _parsed(time.fromisoformat, self.closes.replace(".", ":")),
            tuple(one for one in self.team if one in known),
            self.vehicle,
            self.contact,
        )


def outing_plans(front: Front) -> APIRouter:
    """Anybody who works at the station plans and changes; a supervisor closes (`outing_return`)."""
    station = front.station
    router = APIRouter(prefix="/outings")
    operator = Annotated[Unlocked, Depends(front.sessions.require)]
    signed_in = [Depends(front.sessions.require)]

    @router.get("/new")
    def blank(request: Request, who: operator) -> Response:
        today = station.here.outings.today.isoformat()
        return _page(
            request, station, _PlanForm(first_day=today, last_day=today, team=[who.operator.subject], **_USUAL)
        )

    @router.get("/{number}/plan", dependencies=signed_in)
    def current(request: Request, number: int) -> Response:
        outing = station.here.outings.require_open(number)
        return _page(request, station, _typed(outing.plan), outing)

    @router.post("/new")
    @router.post("/{number}/plan")
    def save(request: Request, who: operator, form: Annotated[_PlanForm, Form()], number: int = 0) -> Response:
        outings = station.here.outings
        outing = outings.require_open(number) if number else None
        try:
            plan = form.plan({one.subject for one in station.operators.listed()})
            if outing is not None:
                outings.change(number, plan)
                return RedirectResponse(f"/outings/{number}", 303)
            made = outings.plan(plan, by=who.operator.subject, once=form.once or SystemRandom().bytes(12).hex())
        except _PROBLEMS as problem:
            return _page(request, station, form, outing, problem)
        return RedirectResponse(f"/outings/{made.number}", 303)

    return router


def _page(
    request: Request,
    station: Station,
    form: _PlanForm,
    outing: Outing | None = None,
    problem: RekamError | None = None,
) -> Response:
    problems = {_FIELD_OF.get(type(problem), "first_day"): error_text(problem)} if problem else {}
    return render(
        request,
        "outing/plan.html",
        status=422 if problem else 200,
        given=form,
        outing=outing,
        problems=problems,
        villages=_villages(station),
        staff=[(one.subject, one.name, one.role) for one in station.operators.listed()],
        certain=station.here.outings.certain,
        once=form.once or SystemRandom().bytes(12).hex(),
    )


def _parsed(read: Callable[[str], _T], text: str) -> _T:
    try:
        return read(text)
    except ValueError:
        raise OutingDatesUnreadable(text=text[:20]) from None


def _typed(plan: OutingPlan) -> _PlanForm:
    """As somebody would have typed it."""
    return _PlanForm(
        place=plan.place,
        village=plan.village,
        first_day=plan.first_day.isoformat(),
        last_day=plan.last_day.isoformat(),
        opens=f"{plan.opens:%H:%M}",
        closes=f"{plan.closes:%H:%M}",
        team=list(plan.team),
        vehicle=plan.vehicle,
        contact=plan.contact,
    )


def _villages(station: Station) -> list[tuple[str, list[tuple[str, str]]]]:
    """Those of the regency by district, the station's own district first."""
    regions, digits = station.here.master.reference().regions, str(station.here.identity.station)
    own = f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}"
    districts = regions.children(own.rpartition(".")[0]) if regions.exists(own.rpartition(".")[0]) else ()
    ordered = sorted(districts, key=lambda code: (code != own, code))
    return [(regions.name(code), [(one, regions.name(one)) for one in regions.children(code)]) for code in ordered]


PART: Final = Part(outing_plans)
