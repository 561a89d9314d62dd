"""The review: everything once more before the resident's eyes, then the one button that seals and saves."""

from itertools import groupby
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.enrolment.problems import ProblemKind
from rekam.enrolment.sample import ALL_SLOTS, REASON_WORDS
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.pages.counter import around, image_address, step_of
from rekam.station.pages.exceptions import supervisors
from rekam.station.pages.words import STEP_NAMES, card_words
from rekam.station.resident_desk import ResidentDesk
from rekam.station.second_recording import Progress, SecondRecording
from rekam.station.sitting import Sitting
from rekam.station.station import Station
from rekam.station.steps import Step
from rekam.station.unlock import Unlocked
from rekam.web.i18n import Language, _, error_text, language
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

_ONE_PIN: Final = {
    ProblemKind.EXCEPTION_UNCONFIRMED,
    ProblemKind.CONFIRMED_BY_STRANGER,
    ProblemKind.CONFIRMED_BY_OPERATOR,
}
"""What the supervisor's PIN on this very page settles, for all exceptions of the sitting at once."""


def review_pages(front: Front) -> APIRouter:
    """A refused saving comes back with its reason; what was captured stays. Saving twice gives the same recording."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}")
    operator = Annotated[Unlocked, Depends(sessions.require)]

    def page(request: Request, who: Unlocked, sitting_id: str, problem: RekamError | None = None) -> Response:
        sitting, subject = station.sittings.find(sitting_id), who.operator.subject
        front.resident.show(subject, sitting_id, Step.REVIEW)
        return render(
            request,
            "review.html",
            status=422 if problem else 200,
            **around(sitting, Step.REVIEW),
            **review(sitting, who, newer=station.sittings.newer_biodata(sitting) is not None),
            loading=_loading(station.here.second, sitting),
            words=card_words(sitting.biodata, station.here.master.reference()),
            supervisors=[each for each in supervisors(station) if each[0] != subject],
            screen=_screen(sitting, front.resident, subject),
            refusal=error_text(problem) if problem else None,
        )

    @router.get("/review")
    def ask(request: Request, who: operator, sitting_id: str) -> Response:
        try:
            return page(request, who, sitting_id)
        except UnknownSitting:
            return RedirectResponse(f"/sittings/{sitting_id}", 303)

    @router.post("/review")
    def save(
        request: Request,
        who: operator,
        sitting_id: str,
        consent: Annotated[str, Form()] = "",
        supervisor: Annotated[str, Form()] = "",
        pin: Annotated[str, Form(max_length=64)] = "",
    ) -> Response:
        try:
            confirming = station.supervisor(supervisor, pin) if supervisor else None
            agreed = consent == "yes" or _agreed(station, sitting_id)
            saved = station.sittings.save(sitting_id, who, supervisor=confirming, consent=agreed)
        except UnknownSitting:
            raise
        except RekamError as problem:
            return page(request, who, sitting_id, problem)
        front.resident.clear(who.operator.subject, thank=True)
        return RedirectResponse(f"/recordings/{saved.packet_id}/saved", 303)

    @router.get("/agreement")
    def agreement(who: operator, sitting_id: str) -> dict[str, str]:
        """How the resident's own screen stands, for a review that waits; ``over``: saved or closed since."""
        try:
            return {"screen": _screen(station.sittings.find(sitting_id), front.resident, who.operator.subject)}
        except UnknownSitting:
            return {"screen": "over"}

    return router


def _screen(sitting: Sitting, desks: ResidentDesk, operator: str) -> str:
    """``agreed``, ``objected``, ``waiting``, or ``none`` where no resident's screen is open."""
    if sitting.resident_agreed:
        return "agreed"
    if desks.of(operator).objected:
        return "objected"
    return "waiting" if desks.present(operator) else "none"


def _agreed(station: Station, sitting_id: str) -> bool:
    try:
        return station.sittings.find(sitting_id).resident_agreed
    except UnknownSitting:
        return False  # saved already: saving again says so


def _loading(second: SecondRecording, sitting: Sitting) -> Progress | None:
    """How far the own recordings are loaded, where this sitting was not searched among them for that reason."""
    progress = second.progress()
    return None if progress.complete or second.is_searched(sitting) else progress


def review(sitting: Sitting, who: Unlocked, *, newer: bool = False) -> dict[str, Any]:
    """Everything a resident checks before it is sealed, and what still keeps it from being sealed. `newer`: the extract
    has other biodata by now.
    """
    english = language() is Language.ENGLISH
    images = [
        {"slot": slot, "step": step_of(slot), "src": image_address(sitting, slot), "capture": sitting.captures[slot]}
        for slot in (*ALL_SLOTS, *sitting.hands)
        if slot in sitting.captures
    ]
    excepted = [
        {"slot": slot, "step": step_of(slot), "reason": REASON_WORDS[held.reason][english]}
        for slot, held in sorted(sitting.exceptions.items())
    ]
    missing = _missing(sitting, who)
    if not sitting.confirmed:
        words = _("Biodata: belum dicocokkan dengan kartu keluarga.")
        missing.insert(0, {"words": words, "href": f"/sittings/{sitting.sitting_id}/biodata"})
    elif newer:
        words = _("Biodata: berubah sejak sesi ini dibuka, cocokkan sekali lagi.")
        missing.insert(0, {"words": words, "href": f"/sittings/{sitting.sitting_id}/biodata"})
    return {"biodata": sitting.biodata, "images": images, "excepted": excepted, "missing": missing}


def _missing(sitting: Sitting, who: Unlocked) -> list[dict[str, str]]:
    """What is to be done before saving, a line for each step: ten fingers not yet captured are one thing to do."""
    held = [problem for problem in sitting.problems(who.operator.subject) if problem.kind not in _ONE_PIN]
    lines = []
    for _key, alike in groupby(held, key=lambda problem: (problem.kind, problem.slot and problem.slot.modality)):
        first, *others = alike
        words = first.words(language())
        if first.slot and others:
            words = f"{_(STEP_NAMES[step_of(first.slot)])} ({1 + len(others)}): {first.kind.words(language())}"
        where = f"{step_of(first.slot)}?slot={first.slot}" if first.slot else "warning"
        lines.append({"words": words, "href": f"/sittings/{sitting.sitting_id}/{where}"})
    return lines


PART: Final = Part(review_pages)
