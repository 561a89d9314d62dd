"""`/quarantine`: cases that failed oddly, why, and how they go on."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.centre.casebook import WaitingCase
from rekam.centre.centre import Centre
from rekam.centre.front import Front
from rekam.centre.pages.roles import STAFF, Officer
from rekam.centre.pages.told import age_of, stage_name
from rekam.centre.pages.withheld import withheld_page
from rekam.centre.validation import NotWaiting
from rekam.centre.verdict import Queue
from rekam.exchange.fence import Standing
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]

_NOTE_LENGTH = 500

STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.BEYOND: N_("Sesudah batas kunci"),
    Standing.OFF_CHAIN: N_("Bukan kelanjutan rekaman yang dipercaya"),
    Standing.UNPROVED: N_("Rekaman yang membuktikannya belum datang"),
    Standing.KEY_ENDED: N_("Disahkan dengan kunci petugas yang sudah berakhir"),
}
"""Why a packet is withheld, each in a few words."""


def quarantine_pages(front: Front) -> APIRouter:
    """The list with its reasons, one case, its release."""
    centre = front.centre
    router = APIRouter(prefix="/quarantine", include_in_schema=False)

    @router.get("")
    def work_list(request: Request, _person: Officer) -> Response:
        return _list(request, centre)

    @router.get("/{packet_id}")
    def held(request: Request, _person: Officer, packet_id: str) -> Response:
        if withheld := centre.fencing.case(packet_id):
            return withheld_page(request, centre, withheld)
        for case in centre.casebook.waiting_in(Queue.QUARANTINE):
            if case.packet_id == packet_id:
                return render(
                    request,
                    "centre/quarantined.html",
                    case=case,
                    stage=stage_name(case.stage),
                    age=age_of(request, case.since),
                    note_length=_NOTE_LENGTH,
                )
        return _list(request, centre, error_text(NotWaiting(packet_id=packet_id)))

    @router.post("/{packet_id}")
    def release(
        request: Request,
        person: Officer,
        packet_id: str,
        to: Annotated[Literal["same", "first"], Form()],
        note: Annotated[str, Form(max_length=_NOTE_LENGTH)] = "",
    ) -> Response:
        if centre.fencing.case(packet_id):
            return RedirectResponse(f"/quarantine/{packet_id}", 303)
        try:
            centre.quarantine.release(packet_id, staff=person.name, note=note.strip(), from_first=to == "first")
        except NotWaiting as refusal:
            return _list(request, centre, error_text(refusal))
        return RedirectResponse("/quarantine?said=released", 303)

    return router


def _list(request: Request, centre: Centre, refusal: str = "") -> Response:
    said = {
        "released": _("Kasus dilanjutkan; lihat riwayatnya pada halaman kasus."),
        "decided": _("Keputusan tercatat. Rekaman yang lolos berjalan lagi; yang ditolak diberitahukan ke dinas."),
    }
    waiting = centre.casebook.waiting_in(Queue.QUARANTINE)
    in_stage = {case.packet_id for case in waiting}
    undecided = [held for held in centre.fences.all_withheld() if not held.verdict]
    standing = {held.packet_id: held.standing for held in undecided}
    fenced = {_installation_of(held.number) for held in undecided if held.packet_id in in_stage}
    if request.query_params.get("said") == "nomore":
        refusal = error_text(NotWaiting(packet_id="-"))
    return render(
        request,
        "centre/quarantine.html",
        status=409 if refusal else 200,
        refusal=refusal,
        said=said.get(request.query_params.get("said", ""), ""),
        lines=[_line(request, case, standing.get(case.packet_id)) for case in waiting],
        fences=[fence for each in sorted(fenced) if (fence := centre.fences.fence_of(*each))],
        settled=[held for held in undecided if held.packet_id not in in_stage],
    )


def _line(request: Request, case: WaitingCase, standing: Standing | None) -> dict[str, object]:
    """The reason as a word where a fence withholds the packet: its sentence stands once, above the list."""
    told = _(STANDINGS[standing]) if standing and standing in STANDINGS else case.told
    return {"case": case, "told": told, "stage": stage_name(case.stage), "age": age_of(request, case.since)}


def _installation_of(number: str) -> tuple[str, int]:
    station, epoch, _sequence = number.split("/")
    return station, int(epoch)


PART: Final = Part(quarantine_pages, menu=(MenuItem("/quarantine", N_("Karantina"), frozenset({STAFF}), rank=50),))
