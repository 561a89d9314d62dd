"""`/plan`: the coming service days, weekend openings among them. Everybody reads it, a supervisor changes it."""

from datetime import date, time, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.day.letters import LetterPair, LettersUnusable
from rekam.station.day.plan import DayPlan, HoursInvalid
from rekam.station.front import Front
from rekam.station.opened import Opened
from rekam.station.pages.queue_words import WEEKDAYS, day_name
from rekam.station.unlock import Unlocked
from rekam.web.i18n import _, error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "DayNotInPlan"]

_SHOWN = 21
_Letter = Annotated[str, Form(max_length=8)]


class DayNotInPlan(RekamError):
    """The plan can be changed from today up to a year ahead; {day} is not among these days. Nothing was changed.
    Choose a day from the list.
    """


class _DayForm(BaseModel):
    """A day as it was typed."""

    day: str
    kind: str = "open"
    opens: str = ""
    closes: str = ""
    expected: str = "0"
    note: Annotated[str, Field(max_length=80)] = ""
    every: str = ""

    def plan(self) -> DayPlan:
        """Raises `HoursInvalid`."""
        if self.kind != "open":
            return DayPlan(None, None, 0, self.note.strip())
        try:
            return DayPlan(
                time.fromisoformat(self.opens.replace(".", ":")),
                time.fromisoformat(self.closes.replace(".", ":")),
                int(self.expected or "0"),
                self.note.strip(),
            )
        except ValueError:
            raise HoursInvalid(opens=self.opens, closes=self.closes) from None


def plan_pages(front: Front) -> APIRouter:
    """`?day=` chooses the day whose form is shown."""
    station = front.station
    router = APIRouter(prefix="/plan")
    operator = Annotated[Unlocked, Depends(front.sessions.require)]

    supervisor = Annotated[Unlocked, Depends(front.sessions.require_supervisor)]

    @router.get("")
    def plan(request: Request, who: operator, day: str = "", letters: str | None = None) -> Response:
        here = station.here
        chosen = _day(day, here.queue.today) if day else None
        return _page(request, here, who, chosen, choosing=letters is not None)

    @router.post("")
    def change(request: Request, who: supervisor, form: Annotated[_DayForm, Form()]) -> Response:
        here = station.here
        chosen = _day(form.day, here.queue.today)
        try:
            at = here.legal.now().at.isoformat(timespec="seconds")
            here.plans.put(chosen.weekday() if form.every else chosen, form.plan(), by=who.operator.subject, at=at)
        except HoursInvalid as problem:
            return _page(request, here, who, chosen, problem=problem)
        return RedirectResponse("/plan", 303)

    @router.post("/letters")
    def choose_letters(request: Request, who: supervisor, recording: _Letter = "", papers: _Letter = "") -> Response:
        here = station.here
        try:
            at = here.legal.now().at.isoformat(timespec="seconds")
            here.counter_letters.put(recording, papers, by=who.operator.subject, at=at)
        except LettersUnusable as problem:
            typed = LetterPair(recording[:1], papers[:1])
            return _page(request, here, who, letters=typed, problem=problem, choosing=True)
        return RedirectResponse("/plan", 303)

    return router


def _page(
    request: Request,
    here: Opened,
    who: Unlocked,
    day: date | None = None,
    *,
    letters: LetterPair | None = None,
    choosing: bool = False,
    problem: RekamError | None = None,
) -> Response:
    """`day`: the one whose form is shown; `letters`: what was typed and refused."""
    today = here.queue.today
    days = here.plans.between(today + timedelta(days=ahead) for ahead in range(_SHOWN))
    return render(
        request,
        "queue/plan.html",
        status=422 if problem else 200,
        days=[(each.isoformat(), day_name(each), plan) for each, plan in days],
        may_change=who.operator.supervises,
        chosen=day and (day.isoformat(), day_name(day), here.plans.of(day)),
        weekday=_(WEEKDAYS[day.weekday()]) if day else "",
        refusal=error_text(problem) if problem else None,
        letters=letters or here.counter_letters.chosen(),
        in_force=here.queue.letters_in_force(),
        choosing=choosing,
    )


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DayNotInPlan(day=text[:20]) from None
    if not today <= day <= today + timedelta(days=366):
        raise DayNotInPlan(day=text)
    return day


PART: Final = Part(plan_pages, statuses={LettersUnusable: 422})
