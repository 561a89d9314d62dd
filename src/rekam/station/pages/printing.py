"""`/printing`: the printer, what it has not printed, and the numbers of letters that are left."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.front import Front
from rekam.station.opened import Opened
from rekam.station.pages.print_jobs import job_row, page_of, pdf_answer
from rekam.station.printing.port import PrinterAddressUnusable, PrintingTrouble
from rekam.station.printing.queue import JobUnknown
from rekam.web.format import number
from rekam.web.health import Finding, Level, Probe, Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

Words = Annotated[str, Form(max_length=300)]


def printing_routes(front: Front) -> APIRouter:
    """For whoever is signed in."""
    router = APIRouter(prefix="/printing", include_in_schema=False, dependencies=[Depends(front.sessions.require)])
    _choosing(router, front)
    _waiting(router, front)
    return router


def _page(request: Request, here: Opened, given: str | None = None, problem: RekamError | None = None) -> Response:
    here.printing.look()
    address = here.printer.address
    printer = here.printer() if address and problem is None else None
    trouble = printer.state().trouble if printer else None
    return render(
        request,
        "printing.html",
        status=422 if problem else 200,
        address=address,
        given=address if given is None else given,
        problems={"address": error_text(problem)} if problem else {},
        trouble=error_text(trouble) if trouble else None,
        waiting=[job_row(job) for job in here.printing.open_jobs()],
        done=[job_row(job) for job in here.printing.newest() if not job.state.open],
        letters=here.letters.held(),
    )


def _choosing(router: APIRouter, front: Front) -> None:
    station = front.station

    @router.get("")
    def printing(request: Request) -> Response:
        return _page(request, station.here)

    @router.post("/printer")
    def choose(request: Request, address: Words = "") -> Response:
        try:
            station.here.printer.choose(address)
        except (PrinterAddressUnusable, PrintingTrouble) as problem:
            return _page(request, station.here, address, problem)
        return RedirectResponse("/printing", 303)


def _waiting(router: APIRouter, front: Front) -> None:
    station = front.station

    @router.post("/send")
    def send() -> Response:
        station.here.printing.send_waiting()
        return RedirectResponse("/printing", 303)

    @router.post("/{job}/send")
    def send_one(job: int) -> Response:
        sent = station.here.printing.send(job)
        return RedirectResponse(page_of(sent), 303)

    @router.post("/{job}/open")
    def show(job: int) -> Response:
        held = station.here.printing.find(job)
        return pdf_answer(station.here.printing.show(job), held.kind)

    @router.post("/{job}/drop")
    def drop(job: int) -> Response:
        station.here.printing.drop(job)
        return RedirectResponse("/printing", 303)


def _probes(front: Front) -> list[Probe]:
    here = front.station.here
    return [lambda: _letters_found(here), lambda: _jobs_found(here)]


def _letters_found(here: Opened) -> Finding:
    held = here.letters.held()
    policy = here.master.policy().suket or here.identity.suket_policy
    level = Level.WARNING if held.few and policy != "off" else Level.WELL
    said = _("%(n)s nomor surat tersedia di stasiun ini.", n=number(held.left))
    todo = _("Sambungkan ke Disdukcapil sekali saja, atau kirim lewat kurir; nomor baru ikut datang.") if level else ""
    return Finding("letters", _("Nomor suket"), level, said, todo, "/printing")


def _jobs_found(here: Opened) -> Finding:
    waiting = here.printing.open_jobs()
    if not waiting:
        return Finding("printing", _("Pencetakan"), Level.WELL, _("Tidak ada surat yang menunggu dicetak."))
    said = _("%(n)s surat belum pasti tercetak; semuanya tersimpan di stasiun ini.", n=number(len(waiting)))
    return Finding("printing", _("Pencetakan"), Level.WARNING, said, _("Lihat pencetak, lalu cetak lagi."), "/printing")


PART: Final = Part(
    printing_routes,
    tools=(Tool("/printing", N_("Pencetakan"), N_("Pencetak, surat yang menunggu, dan sisa nomor suket."), rank=20),),
    statuses={JobUnknown: 404},
    probes=_probes,
)
