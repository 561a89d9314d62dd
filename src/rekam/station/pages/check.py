"""`/check`: whether somebody was recorded, for a resident who only asks; nothing is begun and nothing is kept."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.nik import Nik
from rekam.station.front import Front
from rekam.station.lookup.scanned import scanned
from rekam.station.pages.answer import answer_of
from rekam.station.residents import NotInExtract
from rekam.web.i18n import error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

_LONGEST: Final = 5000


def check_pages(front: Front) -> APIRouter:
    """Of any NIK, typed or scanned, also of one that is not in this station's extract. `?asked=` names the question
    without its NIK.
    """
    router = APIRouter(prefix="/check", dependencies=[Depends(front.sessions.require)])

    @router.get("")
    def show(request: Request, asked: str = "") -> Response:
        text = front.searches.recall(asked)
        found = _asked(front, text) if text else {}
        return render(request, "check.html", text=text, **{"refusal": None, "answer": None, **found})

    @router.post("")
    def ask(request: Request, text: Annotated[str, Form()] = "") -> Response:
        wanted = text.strip("\r\n\t")[:_LONGEST]
        found = _asked(front, wanted)
        if found.get("refusal"):
            return render(request, "check.html", status=422, text=wanted, answer=None, **found)
        return RedirectResponse(f"/check?asked={front.searches.remember(wanted)}", 303)

    return router


def _asked(front: Front, text: str) -> dict[str, Any]:
    """Answer, NIK, the recordings here, and the way to the resident's page where they are in the extract."""
    station = front.station
    try:
        code = scanned(text)
        nik = Nik.parse(code.numbers[0] if code and code.numbers else text)
    except RekamError as problem:
        return {"refusal": error_text(problem)}
    found = {
        "nik": nik,
        "answer": answer_of(station.ask(nik), station),
        "recordings": station.here.recordings.of_nik(nik),
        "resident": None,
    }
    try:
        resident = station.here.residents.find(nik)
    except NotInExtract:
        return found
    return {**found, "resident": (resident, front.searches.remember(resident.nik))}


PART: Final = Part(check_pages)
