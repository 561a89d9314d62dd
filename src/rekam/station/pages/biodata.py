"""The first step of a sitting: the biodata, read out and compared with the family card; what changed since is told."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.pages.counter import around
from rekam.station.pages.referral_view import changes, referral_rows
from rekam.station.pages.words import card_words
from rekam.station.referral.changes import mark_of
from rekam.station.steps import Step
from rekam.station.unlock import Unlocked
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]


def biodata_pages(front: Front) -> APIRouter:
    """The station corrects nothing here; `pages.referrals` writes down what is wrong."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("/biodata")
    def biodata(request: Request, who: operator, sitting_id: str) -> Response:
        sitting, here = station.sittings.find(sitting_id), station.here
        newer = station.sittings.newer_biodata(sitting)
        shown = newer or sitting.biodata
        front.resident.show(who.operator.subject, sitting_id, Step.BIODATA)
        return render(
            request,
            "biodata.html",
            **around(sitting, Step.BIODATA),
            here_are_changes=True,
            biodata=shown,
            words=card_words(shown, here.master.reference()),
            changes=changes(sitting.biodata, newer, here.master.reference()) if newer else [],
            told=here.residents.told(sitting.nik),
            seen=mark_of(newer) if newer else "",
            referral=next(iter(referral_rows(here, here.referrals.of_sitting(sitting_id)[:1])), None),
        )

    @router.get("/changed")
    def changed(request: Request, sitting_id: str) -> Response:
        """What every page of the sitting asks now and then: empty while nothing changed, or once it ended."""
        try:
            newer = station.sittings.newer_biodata(station.sittings.find(sitting_id))
        except UnknownSitting:
            newer = None
        return render(request, "changed.html", sitting_id=sitting_id) if newer else Response("")

    @router.post("/biodata")
    def confirm(sitting_id: str, seen: Annotated[str, Form(max_length=64)] = "") -> Response:
        """`seen` is the mark of newer biodata that the page showed; others lead back to what is there now."""
        sitting = station.sittings.confirm_seen(sitting_id, seen)
        if sitting is None:
            return RedirectResponse(f"/sittings/{sitting_id}/biodata", 303)
        return RedirectResponse(f"/sittings/{sitting_id}/{sitting.next_step}", 303)

    return router


PART: Final = Part(biodata_pages)
