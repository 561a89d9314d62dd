"""`/quarantine/ID` for a packet that a fence withholds, or a key that had ended: what is known, and the verdict."""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.centre.centre import Centre
from rekam.centre.fencing import VerdictNeedsNote, WithheldCase
from rekam.centre.front import Front
from rekam.centre.key_ends import why_confirmed
from rekam.centre.pages.key_ends import WHY
from rekam.centre.pages.roles import Officer
from rekam.centre.validation import NotWaiting
from rekam.enrolment.errors import RekamError
from rekam.exchange.fence import why_withheld
from rekam.web.i18n import _, error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "withheld_page"]

_NOTE_LENGTH = 500


def withheld_pages(front: Front) -> APIRouter:
    """The verdict; the page itself is shown by the quarantine's route."""
    centre = front.centre
    router = APIRouter(prefix="/quarantine", include_in_schema=False)

    @router.post("/{packet_id}/verdict")
    def decide(
        request: Request,
        person: Officer,
        packet_id: str,
        verdict: Annotated[Literal["released", "rejected"] | None, Form()] = None,
        note: Annotated[str, Form(max_length=_NOTE_LENGTH)] = "",
    ) -> Response:
        known = centre.fencing.case(packet_id)
        if known is None:
            return RedirectResponse("/quarantine?said=nomore", 303)
        errors = {} if verdict else {"verdict": _("Pilih: loloskan atau tolak")}
        if not note.strip():
            errors["note"] = error_text(VerdictNeedsNote())
        if errors or verdict is None:
            return withheld_page(request, centre, known, errors, {"verdict": verdict or "", "note": note})
        try:
            centre.fencing.decide(packet_id, verdict, staff=person.name, note=note.strip())
        except NotWaiting:
            return RedirectResponse("/quarantine?said=nomore", 303)
        return RedirectResponse("/quarantine?said=decided", 303)

    return router


def withheld_page(
    request: Request,
    centre: Centre,
    known: WithheldCase,
    errors: dict[str, str] | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    """The question, with what was wrong in the answer given."""
    held, fence = known.withheld, known.fence
    end = centre.ended_keys.why(held.packet_id) if fence is None else None
    told: RekamError = NotWaiting(packet_id=held.packet_id)
    if fence is not None:
        told = why_withheld(fence, held.standing, held.number)
    elif end is not None:
        told = why_confirmed(end, held.number)
    return render(
        request,
        "centre/withheld.html",
        status=422 if errors else 200,
        held=held,
        fence=fence,
        end=end,
        why=_(WHY[end.why]) if end else "",
        since=datetime.fromtimestamp(fence.at_ms / 1000, UTC) if fence else None,
        told=error_text(told),
        settled=known.settled,
        others=known.others,
        errors=errors or {},
        given=given or {"verdict": "", "note": ""},
        note_length=_NOTE_LENGTH,
    )


PART: Final = Part(withheld_pages)
