"""`/plan`: the coming service days, weekend openings among them. Everybody reads it, a supervisor changes it."""

from datetime import date, time, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.day.letters import LetterPair, LettersUnusable
from rekam.station.day.plan import DayPlan, HoursInvalid
from rekam.station.front import Front
from rekam.station.pages.queue_words import WEEKDAYS, day_name
from rekam.station.station import NotASupervisor
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


def plan_pages(front: Front) -> APIRouter:
    """`?day=` chooses the day whose form is shown."""
    station = front.station
    router = APIRouter(prefix="/plan")
    operator = Annotated[Unlocked, Depends(front.sessions.require)]

    def page(
        request: Request,
        who: Unlocked,
        day: date | None,
        problem: RekamError | None = None,
        letters: LetterPair | None = None,
    ) -> Response:
        here, today = station.here, station.here.queue.today
        days = here.plans.between(today + timedelta(days=ahead) for ahead in range(_SHOWN))
        chosen = (day, here.plans.of(day)) if day else None
        return render(
            request,
            "queue/plan.html",
            status=422 if problem else 200,
            days=[(day.isoformat(), day_name(day), plan) for day, plan in days],
            may_change=who.operator.role == "supervisor",
            chosen=chosen and (chosen[0].isoformat(), day_name(chosen[0]), chosen[1]),
            weekday=_(WEEKDAYS[day.weekday()]) if day else "",
            refusal=error_text(problem) if problem else None,
            letters=letters or here.counter_letters.chosen(),
            in_force=here.queue.letters_in_force(),
            choosing=letters is not None or (request.query_params.get("letters") is not None),
        )

    @router.get("")
    def plan(request: Request, who: operator, day: str = "") -> Response:
        return page(request, who, _day(day, station.here.queue.today) if day else None)

    @router.post("")
    def change(
        request: Request,
        who: operator,
        day: Annotated[str, Form()],
        kind: Annotated[str, Form()] = "open",
        opens: Annotated[str, Form()] = "",
        closes: Annotated[str, Form()] = "",
        expected: Annotated[str, Form()] = "0",
        note: Annotated[str, Form(max_length=80)] = "",
        every: Annotated[str, Form()] = "",
    ) -> Response:
        if who.operator.role != "supervisor":
            raise NotASupervisor(operator=who.operator.name)
        here = station.here
        chosen = _day(day, here.queue.today)
        try:
            planned = (
                _planned(opens, closes, expected, note) if kind == "open" else DayPlan(None, None, 0, note.strip())
            )
            at = here.legal.now().at.isoformat(timespec="seconds")
            here.plans.put(chosen.weekday() if every else chosen, planned, by=who.operator.subject, at=at)
        except HoursInvalid as problem:
            return page(request, who, chosen, problem)
        return RedirectResponse("/plan", 303)

    @router.post("/letters")
    def choose_letters(request: Request, who: operator, recording: _Letter = "", papers: _Letter = "") -> Response:
        if who.operator.role != "supervisor":
            raise NotASupervisor(operator=who.operator.name)
        here = station.here
        try:
            at = here.legal.now().at.isoformat(timespec="seconds")
            here.counter_letters.put(recording, papers, by=who.operator.subject, at=at)
        except LettersUnusable as problem:
            return page(request, who, None, problem, LetterPair(recording[:1], papers[:1]))
        return RedirectResponse("/plan", 303)

    return router


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DayNotInPlan(day=text[:20]) from None
    if not today <= day <= today + timedelta(days=366):
        raise DayNotInPlan(day=text)
    return day


def _planned(opens: str, closes: str, expected: str, note: str) -> DayPlan:
    try:
        return DayPlan(
            time.fromisoformat(opens.replace(".", ":")),
            time.fromisoformat(closes.replace(".", ":")),
            int(expected or "0"),
            note.strip(),
        )
    except ValueError:
        raise HoursInvalid(opens=opens, closes=closes) from None


PART: Final = Part(plan_pages, statuses={LettersUnusable: 422})
