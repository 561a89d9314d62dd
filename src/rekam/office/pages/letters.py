"""`/letters`: the register of letters (suket): blocks given to stations, what became of their numbers."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.office.office import Office
from rekam.web.format import number
from rekam.web.health import Finding, Level, Probe, Tool
from rekam.web.i18n import N_, _
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.staff.guard import require

__all__ = ["PART"]


def letter_routes(office: Office) -> APIRouter:
    """For any member of staff."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(require())])

    @router.get("/letters")
    def letters(request: Request) -> Response:
        return render(request, "letters.html", register=office.letters.register(), office=office.id)

    return router


def _probes(office: Office) -> list[Probe]:
    return [lambda: _found(office)]


def _found(office: Office) -> Finding:
    register = office.letters.register(limit=1)
    if register.adds_up:
        told = (number(register.used), number(register.given))
        said = _("%(used)s dari %(given)s nomor suket dilaporkan terpakai.", used=told[0], given=told[1])
        return Finding("letters", _("Register suket"), Level.WELL, said, href="/letters")
    wrong = number(len(register.twice) + len(register.strange))
    said = _("%(n)s nomor suket dilaporkan ganda atau di luar bloknya. Semua laporan tersimpan.", n=wrong)
    todo = _("Buka register suket, panggil stasiunnya, dan tarik surat yang ganda.")
    return Finding("letters", _("Register suket"), Level.ALARM, said, todo, "/letters")


PART: Final = Part(
    letter_routes,
    tools=(
        Tool("/letters", N_("Register suket"), N_("Blok nomor setiap stasiun, yang terpakai, batal, dan tersisa.")),
    ),
    probes=_probes,
)
