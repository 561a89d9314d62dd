"""`/log`: this office as a witness of the public log: what it saw, what it found, and the evidence to hand on."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.exchange.log_evidence import Breach
from rekam.office.errors import MissingReason
from rekam.office.office import Office
from rekam.office.pages.words import since
from rekam.trust.log.checkpoint import Checkpoint
from rekam.web.health import Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import Person
from rekam.web.staff.guard import require

__all__ = ["PART"]

STAFF = Depends(require())
BREACHES: Final = {
    Breach.SPLIT: (
        N_("Pusat menandatangani dua isi log yang berbeda untuk panjang yang sama"),
        N_("Hanya satu yang mungkin benar. Ada yang ditunjuki riwayat lain daripada dinas ini."),
    ),
    Breach.CHANGED: (
        N_("Log pusat tidak lagi memuat catatan yang dulu ditandatanganinya"),
        N_("Ada catatan yang diubah, dihapus, atau disisipkan di antara yang lama."),
    ),
    Breach.SMALLER: (
        N_("Log pusat menjadi lebih pendek daripada yang sudah disaksikan"),
        N_("Bisa jadi pusat dipulihkan dari cadangan lama, atau dinas ini diberi salinan lama."),
    ),
}


def log_routes(office: Office) -> APIRouter:
    """For any member of staff."""
    router = APIRouter(include_in_schema=False, prefix="/log")
    watch = office.log_watch

    @router.get("", dependencies=[STAFF])
    def page(request: Request) -> Response:
        return _page(request, office)

    @router.get("/alarms/{number}.json", dependencies=[STAFF])
    def evidence(number: int) -> Response:
        named = {"content-disposition": f'attachment; filename="bukti-log-{office.id}-{number}.json"'}
        return Response(watch.evidence(number).to_json(), media_type="application/json", headers=named)

    @router.post("/alarms/{number}")
    def answer(
        request: Request, number: int, person: Annotated[Person, STAFF], note: Annotated[str, Form(max_length=500)] = ""
    ) -> Response:
        try:
            watch.answer(number, note, by=person.name)
        except MissingReason as error:
            return _page(request, office, {number: error_text(error)})
        return RedirectResponse("/log", 303)

    return router


def _page(request: Request, office: Office, problems: dict[int, str] | None = None) -> Response:
    watch = office.log_watch
    state, cosigned = watch.state(), watch.store.cosigned()
    vouched_s = cosigned.verify(watch.signer.note_key) if cosigned else None
    problem = watch.watched.problem or watch.compared.problem
    return render(
        request,
        "log.html",
        status=422 if problems else 200,
        state=state,
        problem=error_text(problem) if problem else None,
        vouched=datetime.fromtimestamp(vouched_s, UTC) if vouched_s is not None else None,
        alarms=[_alarm(alarm, answer, (problems or {}).get(alarm.number)) for alarm, answer in watch.alarms()],
        log_key=str(watch.log),
        own_key=str(watch.signer.note_key),
        since=since(office),
    )


def _alarm(alarm: Any, answer: Any, problem: str | None) -> dict[str, Any]:
    title, meaning = BREACHES[alarm.breach]
    kept, told = (Checkpoint.parse(note.text) for note in (alarm.evidence.kept, alarm.evidence.told))
    return {
        "alarm": alarm,
        "title": _(title),
        "meaning": _(meaning),
        "kept": kept,
        "told": told,
        "answer": answer,
        "problem": problem,
    }


PART: Final = Part(
    log_routes,
    tools=(
        Tool("/log", N_("Saksi log"), N_("Apakah log publik pusat hanya bertambah, dan bukti bila tidak."), rank=20),
    ),
)
