"""Papers on the page of a recording, and `/printing`: the printer, what it has not printed, numbers of letters left."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.front import Front
from rekam.station.letters import NoLetterNumbers, NoLetterToVoid, VoidNeedsReason
from rekam.station.opened import Opened
from rekam.station.papers import MOST_REASON, ReprintNeedsReason
from rekam.station.printing.port import PrinterAddressUnusable, PrintingTrouble
from rekam.station.printing.queue import JobState, JobUnknown, PrintJob
from rekam.station.recordings import Recording
from rekam.station.unlock import Unlocked
from rekam.web.format import number
from rekam.web.health import Finding, Level, Probe, Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "REASONS", "job_row", "papers_card", "pdf_answer"]

_PDF: Final = "application/pdf"
_FILES: Final = {"proof": "bukti-perekaman", "suket": "suket", "referral": "rujukan"}
_OF_RECORDINGS: Final = ("proof", "suket")
REASONS: Final = (
    N_("kertas macet atau rusak saat dicetak"),
    N_("hilang, diminta lagi oleh penduduk"),
    N_("rusak atau tidak terbaca"),
    N_("pencetak tidak memberi kabar"),
)
"""Why a paper is printed again, as the copy says it."""
_STATES: Final = {
    JobState.WAITING: ("warning", N_("Menunggu, belum dicetak")),
    JobState.SENDING: ("info", N_("Sedang dikirim ke pencetak")),
    JobState.SENT: ("info", N_("Di pencetak")),
    JobState.DONE: ("success", N_("Sudah dicetak")),
    JobState.SHOWN: ("info", N_("Dibuka sebagai PDF")),
    JobState.UNCERTAIN: ("warning", N_("Tidak pasti, lihat bakinya")),
    JobState.DROPPED: ("info", N_("Disisihkan")),
}
Reason = Annotated[str, Form(max_length=MOST_REASON)]
Words = Annotated[str, Form(max_length=300)]


def papers_card(here: Opened, recording: Recording) -> dict[str, Any]:
    """What the card "Surat untuk penduduk" of one recording shows."""
    refusal = here.papers.suket_refusal(recording)
    register = here.papers.register(recording.packet_id)
    return {
        "printer": here.printer.address,
        "suket_refusal": error_text(refusal) if refusal else None,
        "letter": here.letters.of(recording.packet_id),
        "copies": {kind: sum(each.kind == kind for each in register) for kind in _OF_RECORDINGS},
        "register": register,
        "reasons": [(each, _(each)) for each in REASONS],
        "open": [job_row(job) for job in here.printing.of(recording.packet_id) if job.state.open],
    }


def paper_routes(front: Front) -> APIRouter:
    """Papers answer a POST, because each copy is noted; without a printer they open in a tab of their own."""
    router = APIRouter(include_in_schema=False)
    _recording_routes(router, front)
    _queue_routes(router, front)
    return router


def _recording_routes(router: APIRouter, front: Front) -> None:
    station = front.station
    operator = Annotated[Unlocked, Depends(front.sessions.require)]

    def issued(who: Unlocked, kind: str, packet_id: str, reason: str) -> Response:
        paper = station.here.papers.issue(kind, packet_id, who.operator.subject, reason)
        job = station.here.printing.put(paper, who.operator.subject)
        if job.state is JobState.SHOWN:
            return _pdf(paper.pdf, _FILES[kind])
        return RedirectResponse(f"/recordings/{packet_id}", 303)

    @router.post("/recordings/{packet_id}/proof")
    def proof(who: operator, packet_id: str, reason: Reason = "") -> Response:
        return issued(who, "proof", packet_id, reason)

    @router.post("/recordings/{packet_id}/suket")
    def suket(who: operator, packet_id: str, reason: Reason = "") -> Response:
        return issued(who, "suket", packet_id, reason)

    @router.post("/recordings/{packet_id}/suket/void")
    def void(who: operator, packet_id: str, reason: Words = "") -> Response:
        station.here.papers.void_letter(packet_id, who.operator.subject, reason)
        return RedirectResponse(f"/recordings/{packet_id}", 303)


def _queue_routes(router: APIRouter, front: Front) -> None:
    station, signed_in = front.station, [Depends(front.sessions.require)]

    def page(request: Request, given: str | None = None, problem: RekamError | None = None) -> Response:
        here = station.here
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

    @router.get("/printing", dependencies=signed_in)
    def printing(request: Request) -> Response:
        return page(request)

    @router.post("/printing/printer", dependencies=signed_in)
    def choose(request: Request, address: Words = "") -> Response:
        try:
            station.here.printer.choose(address)
        except (PrinterAddressUnusable, PrintingTrouble) as problem:
            return page(request, address, problem)
        return RedirectResponse("/printing", 303)

    @router.post("/printing/send", dependencies=signed_in)
    def send() -> Response:
        station.here.printing.send_waiting()
        return RedirectResponse("/printing", 303)

    @router.post("/printing/{job}/send", dependencies=signed_in)
    def send_one(job: int) -> Response:
        sent = station.here.printing.send(job)
        return RedirectResponse(_page_of(sent), 303)

    @router.post("/printing/{job}/open", dependencies=signed_in)
    def show(job: int) -> Response:
        held = station.here.printing.find(job)
        return _pdf(station.here.printing.show(job), _FILES[held.kind])

    @router.post("/printing/{job}/drop", dependencies=signed_in)
    def drop(job: int) -> Response:
        station.here.printing.drop(job)
        return RedirectResponse("/printing", 303)


def _page_of(job: PrintJob) -> str:
    return f"/referrals/{job.about}" if job.kind == "referral" else f"/recordings/{job.about}"


def job_row(job: PrintJob) -> dict[str, Any]:
    """One line of the queue, in words."""
    tone, words = _STATES[job.state]
    return {
        "job": job.job,
        "href": _page_of(job),
        "title": job.title,
        "by": job.by,
        "at": job.at,
        "state": job.state,
        "tone": tone,
        "words": _(words),
        "trouble": error_text(job.trouble) if job.trouble else None,
    }


def pdf_answer(pdf: bytes, kind: str) -> Response:
    """Shown in the browser, under the name of its kind."""
    return _pdf(pdf, _FILES[kind])


def _pdf(pdf: bytes, name: str) -> Response:
    return Response(pdf, media_type=_PDF, headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})


def _probes(front: Front) -> list[Probe]:
    here = front.station.here
    return [lambda: _letters_found(here), lambda: _jobs_found(here)]


def _letters_found(here: Opened) -> Finding:
    held = here.letters.held()
    policy = here.master.policy().suket or here.identity.suket_policy
    level = Level.WARNING if held.few and policy != "off" else Level.WELL
    said = _("%(n)s nomor surat tersedia di stasiun ini.", n=number(held.left))
    todo = _("Sambungkan ke Disdukcapil sekali saja; nomor baru datang sendiri.") if level else ""
    return Finding("letters", _("Nomor suket"), level, said, todo, "/printing")


def _jobs_found(here: Opened) -> Finding:
    waiting = here.printing.open_jobs()
    if not waiting:
        return Finding("printing", _("Pencetakan"), Level.WELL, _("Tidak ada surat yang menunggu dicetak."))
    said = _("%(n)s surat belum pasti tercetak; semuanya tersimpan di stasiun ini.", n=number(len(waiting)))
    return Finding("printing", _("Pencetakan"), Level.WARNING, said, _("Lihat pencetak, lalu cetak lagi."), "/printing")


PART: Final = Part(
    paper_routes,
    tools=(Tool("/printing", N_("Pencetakan"), N_("Pencetak, surat yang menunggu, dan sisa nomor suket."), rank=20),),
    statuses={
        JobUnknown: 404,
        NoLetterNumbers: 409,
        NoLetterToVoid: 409,
        ReprintNeedsReason: 422,
        VoidNeedsReason: 422,
    },
    probes=_probes,
)
