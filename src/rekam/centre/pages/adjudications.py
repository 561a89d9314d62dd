"""`/adjudications`: the experts' work list, two recordings side by side, and the decision."""

import threading
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.centre.adjudication import AlreadyDecided, NotImpartial, Outcome, Pair, UnknownAdjudication
from rekam.centre.centre import Centre
from rekam.centre.front import Front
from rekam.centre.pages.biodata import rows
from rekam.centre.pages.images import image
from rekam.centre.pages.roles import EXPERT, Expert
from rekam.centre.pages.side_by_side import pairs_of_images
from rekam.centre.pages.told import age_of
from rekam.centre.pages.words import OUTCOMES, likeness_of_people
from rekam.enrolment.errors import RekamError
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]

_NOTE_LENGTH = 500
Side = Literal["record", "candidate"]


def adjudication_pages(front: Front) -> APIRouter:
    """Only experts come here, and only to cases that they may decide: the images are behind the same rule."""
    centre = front.centre
    router = APIRouter(prefix="/adjudications", include_in_schema=False)
    desk = _Desk(centre)

    @router.get("")
    def work_list(request: Request, person: Expert) -> Response:
        return desk.list(request, person.name)

    @router.get("/{packet_id}")
    def compare(request: Request, person: Expert, packet_id: str) -> Response:
        return desk.compare(request, packet_id, person.name)

    @router.get("/{packet_id}/images/{side}/{slot}")
    def picture(person: Expert, packet_id: str, side: Side, slot: str) -> Response:
        pair = centre.adjudication.examine(packet_id, person.name)
        return image(centre, pair.packet_id if side == "record" else pair.candidate, slot)

    @router.get("/{packet_id}/decision")
    def confirm(request: Request, person: Expert, packet_id: str, outcome: Outcome) -> Response:
        return desk.confirm(request, packet_id, person.name, outcome)

    @router.post("/{packet_id}/decision")
    def decide(
        request: Request,
        person: Expert,
        packet_id: str,
        outcome: Annotated[Outcome, Form()],
        note: Annotated[str, Form(max_length=_NOTE_LENGTH)] = "",
    ) -> Response:
        return desk.decide(request, packet_id, person.name, outcome, note.strip())

    return router


class _Desk:
    """One expert's desk. What cannot be decided leads back to the list with its reason, and never to a bare error."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def list(self, request: Request, expert: str, refusal: RekamError | None = None) -> Response:
        statuses = {UnknownAdjudication: 404, NotImpartial: 403, AlreadyDecided: 409}
        cases = self._centre.adjudication.work_list(expert)
        if cases:  # the page that comes next compares two records, and is to be there at once
            threading.Thread(target=self._centre.records.prepare, name="engine", daemon=True).start()
        return render(
            request,
            "centre/adjudications.html",
            status=statuses[type(refusal)] if refusal else 200,
            refusal=error_text(refusal) if refusal else "",
            said=_said(request),
            lines=[
                {"case": case, "age": age_of(request, case.opened_at), "likeness": likeness_of_people(case.llr)}
                for case in cases
            ],
        )

    def compare(self, request: Request, packet_id: str, expert: str) -> Response:
        pair = self._pair(packet_id, expert)
        if isinstance(pair, RekamError):
            return self.list(request, expert, pair)
        records = self._centre.records
        left, right = records.record(pair.packet_id), records.record(pair.candidate)
        for record in (left, right):
            records.looked(record.packet_id, expert)
        likeness = records.likeness(pair.packet_id, pair.candidate)
        return render(
            request,
            "centre/compare.html",
            pair=pair,
            left=left,
            right=right,
            said=_said(request),
            age=age_of(request, pair.opened_at),
            machine=likeness_of_people(pair.llr),
            biodata=rows(left.biodata, right.biodata),
            pairs=pairs_of_images(f"/adjudications/{packet_id}/images", left, right, likeness.of_slots),
            misplaced=[_(each) for each in likeness.misplaced],
            remaining=len(self._centre.adjudication.work_list(expert)),
        )

    def confirm(self, request: Request, packet_id: str, expert: str, outcome: Outcome) -> Response:
        pair = self._pair(packet_id, expert)
        if isinstance(pair, RekamError):
            return self.list(request, expert, pair)
        return render(
            request,
            "centre/decide.html",
            pair=pair,
            outcome=outcome,
            chosen=_(OUTCOMES[outcome]),
            consequence=_consequence(pair.kind, outcome),
            note_length=_NOTE_LENGTH,
        )

    def decide(self, request: Request, packet_id: str, expert: str, outcome: Outcome, note: str) -> Response:
        adjudication = self._centre.adjudication
        try:
            closed = adjudication.decide(packet_id, expert, outcome, note)
        except (UnknownAdjudication, NotImpartial, AlreadyDecided) as refusal:
            return self.list(request, expert, refusal)
        said = "closed" if closed else "noted"
        following = adjudication.work_list(expert)
        where = f"/adjudications/{following[0].packet_id}" if following else "/adjudications"
        return RedirectResponse(f"{where}?said={said}", 303)

    def _pair(self, packet_id: str, expert: str) -> Pair | RekamError:
        try:
            return self._centre.adjudication.examine(packet_id, expert)
        except (UnknownAdjudication, NotImpartial, AlreadyDecided) as refusal:
            return refusal


def _said(request: Request) -> str:
    told = {
        "noted": _("Keputusan Anda tercatat. Kasus itu menunggu ahli lain."),
        "closed": _("Keputusan Anda tercatat. Dua ahli sepakat; hasilnya dikirim ke dinas dan stasiun."),
    }
    return told.get(request.query_params.get("said", ""), "")


def _consequence(kind: str, outcome: Outcome) -> str:
    """What becomes of the resident when a second expert agrees."""
    if (kind, outcome) == ("ONE_TO_MANY", Outcome.SAME_PERSON):
        return _("Bila ahli kedua sepakat, rekaman baru menjadi rekaman ganda dan penduduk diundang memilih NIK.")
    if (kind, outcome) == ("ONE_TO_MANY", Outcome.DIFFERENT_PERSONS):
        return _("Bila ahli kedua sepakat, rekaman baru berlaku dan kartunya dapat dicetak.")
    if outcome is Outcome.SAME_PERSON:
        return _("Bila ahli kedua sepakat, rekaman ulang ini berlaku dan kartunya dapat dicetak.")
    return _("Bila ahli kedua sepakat, rekaman baru ditolak karena NIK ini sudah direkam atas orang lain.")


PART: Final = Part(
    adjudication_pages, menu=(MenuItem("/adjudications", N_("Keputusan ahli"), frozenset({EXPERT}), rank=30),)
)
