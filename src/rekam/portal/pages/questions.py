"""`/`: two questions, one a page (GOV.UK's way), then the answer; nothing of it stands in an address or a log."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import InvalidNik, Nik
from rekam.portal.advice import advice
from rekam.portal.errors import BirthDateUnreadable, TooManyQuestions
from rekam.portal.portal import Portal
from rekam.portal.rate import client_of
from rekam.web.i18n import error_text
from rekam.web.page import render

__all__ = ["STALE", "question_routes"]

STALE: Final = timedelta(minutes=15)
"""From this age on the answer says first how old it is."""

Part = Annotated[str, Form(max_length=12)]


def question_routes(portal: Portal) -> APIRouter:
    """NIK, then birth date, then the answer; the NIK travels from page to page inside the form."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def ask_nik(request: Request) -> Response:
        return _nik_page(request, "", None)

    @router.post("/birth-date")
    def ask_birth_date(request: Request, nik: Annotated[str, Form(max_length=40)] = "") -> Response:
        try:
            known = Nik.parse(nik)
        except InvalidNik as error:
            return _nik_page(request, nik, error)
        return _date_page(request, known, {}, None)

    @router.post("/status")
    def answer(
        request: Request,
        nik: Annotated[str, Form(max_length=40)] = "",
        day: Part = "",
        month: Part = "",
        year: Part = "",
    ) -> Response:
        try:
            known = Nik.parse(nik)
        except InvalidNik as error:
            return _nik_page(request, nik, error)
        given = {"day": day, "month": month, "year": year}
        try:
            born = _birth_date(given)
        except BirthDateUnreadable as error:
            return _date_page(request, known, given, error)
        try:
            portal.rate.ask(client_of(request.client.host if request.client else "-"))
        except TooManyQuestions as error:
            return _too_many(request, error)
        return _answer_page(request, portal, known, born)

    return router


def _birth_date(given: Mapping[str, str]) -> date:
    try:
        return date(*(int(given[part].strip()) for part in ("year", "month", "day")))
    except ValueError:
        raise BirthDateUnreadable from None


def _nik_page(request: Request, nik: str, error: RekamError | None) -> Response:
    text = error_text(error) if error else None
    return render(request, "nik.html", status=422 if error else 200, nik=nik, error=text)


def _date_page(request: Request, nik: Nik, given: Mapping[str, str], error: RekamError | None) -> Response:
    text = error_text(error) if error else None
    return render(request, "birth_date.html", status=422 if error else 200, nik=nik, given=given, error=text)


def _too_many(request: Request, error: TooManyQuestions) -> Response:
    headers = {"retry-after": str(error.facts["seconds"])}
    return render(request, "too_many.html", status=429, headers=headers, text=error_text(error))


def _answer_page(request: Request, portal: Portal, nik: Nik, born: date) -> Response:
    found = portal.copy.answer(nik, born)
    age = found.copy.age
    return render(
        request,
        "answer.html",
        found=found,
        advice=advice(found.status),
        stale=age is None or age > STALE,
        nik_end=nik[-4:],
    )
