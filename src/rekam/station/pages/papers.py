"""Papers on the page of a recording: printed, printed again with a reason, a letter made void."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from rekam.station.front import Front
from rekam.station.letters import NoLetterNumbers, NoLetterToVoid, VoidNeedsReason
from rekam.station.opened import Opened
from rekam.station.pages.print_jobs import REASONS, job_row, pdf_answer
from rekam.station.papers import MOST_REASON, ReprintNeedsReason
from rekam.station.printing.queue import JobState
from rekam.station.recordings import Recording
from rekam.station.unlock import Unlocked
from rekam.web.i18n import _, error_text
from rekam.web.part import Part

__all__ = ["PART", "papers_card"]

Reason = Annotated[str, Form(max_length=MOST_REASON)]
_KINDS: Final = ("proof", "suket")
Words = Annotated[str, Form(max_length=300)]


def papers_card(here: Opened, recording: Recording) -> dict[str, Any]:
    """What the card "Surat untuk penduduk" of one recording shows."""
    refusal = here.papers.suket_refusal(recording)
    register = here.papers.register(recording.packet_id)
    return {
        "printer": here.printer.address,
        "suket_refusal": error_text(refusal) if refusal else None,
        "letter": here.letters.of(recording.packet_id),
        "copies": {kind: sum(each.kind == kind for each in register) for kind in _KINDS},
        "register": register,
        "reasons": [(each, _(each)) for each in REASONS],
        "open": [job_row(job) for job in here.printing.of(recording.packet_id) if job.state.open],
    }


def paper_routes(front: Front) -> APIRouter:
    """Papers answer a POST, because each copy is noted; without a printer they open in a tab of their own."""
    router = APIRouter(include_in_schema=False)
    station = front.station
    operator = Annotated[Unlocked, Depends(front.sessions.require)]

    def issued(who: Unlocked, kind: str, packet_id: str, reason: str) -> Response:
        printing = station.here.printing
        paper = station.here.papers.issue(kind, packet_id, who.operator.subject, reason, queued=printing.add)
        if printing.begin(paper).state is JobState.SHOWN:
            return pdf_answer(paper.pdf, kind)
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

    return router


PART: Final = Part(
    paper_routes,
    statuses={NoLetterNumbers: 409, NoLetterToVoid: 409, ReprintNeedsReason: 422, VoidNeedsReason: 422},
)
