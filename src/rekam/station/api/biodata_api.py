"""A sitting's biodata: read out, referred where they differ from the papers, taken as the office corrected them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends
from pydantic import BaseModel, Field

from rekam.station.front import Front
from rekam.station.referral.changes import Field as Line
from rekam.station.referral.changes import mark_of
from rekam.station.sitting import Sitting
from rekam.station.sittings import BiodataChanged
from rekam.station.unlock import Unlocked
from rekam.station.views import sitting_view
from rekam.web.part import Part

__all__ = ["PART"]

_Text = Annotated[str, Field(max_length=200)]


class Refer(BaseModel):
    """`said`: what the papers say of each line that is wrong; `shown`: which papers (`EVIDENCE`)."""

    said: dict[Line, _Text]
    shown: list[str]
    note: _Text = ""


def biodata_routes(front: Front) -> APIRouter:
    """Each needs a session, and may be repeated."""
    router, station, sessions = APIRouter(prefix="/api"), front.station, front.sessions
    operator = Annotated[Unlocked, Depends(sessions.require)]
    signed_in = [Depends(sessions.require)]

    def looked_at(sitting: Sitting) -> dict[str, Any]:
        """With what the office corrected since it was opened, and the mark by which that is confirmed."""
        newer = station.sittings.newer_biodata(sitting)
        return sitting_view(sitting) | {"newer": newer and {"name": newer.name, "mark": mark_of(newer)}}

    @router.post("/sittings")
    def open_sitting(who: operator, nik: Annotated[str, Body(embed=True)]) -> dict[str, Any]:
        return looked_at(station.sittings.open(nik, who))

    @router.get("/sittings/{sitting_id}", dependencies=signed_in)
    def sitting(sitting_id: str) -> dict[str, Any]:
        return looked_at(station.sittings.find(sitting_id))

    @router.post("/sittings/{sitting_id}/biodata", dependencies=signed_in)
    def confirm(sitting_id: str, seen: Annotated[str, Body(embed=True, max_length=64)] = "") -> dict[str, Any]:
        """`seen` is the mark of newer biodata that were read out; raises `BiodataChanged` for any other."""
        confirmed = station.sittings.confirm_seen(sitting_id, seen)
        if confirmed is None:
            raise BiodataChanged(name=station.sittings.find(sitting_id).biodata.name)
        return sitting_view(confirmed)

    @router.post("/sittings/{sitting_id}/referral")
    def refer(who: operator, sitting_id: str, given: Refer) -> dict[str, Any]:
        """The sitting waits as it is; the same said twice is one referral."""
        sitting = station.sittings.find(sitting_id)
        held = station.sittings.newer_biodata(sitting) or sitting.biodata
        made = station.here.referrals.refer(
            sitting_id, held, given.said, tuple(given.shown), given.note, who.operator.subject
        )
        return {"number": made.id.number, "key": made.id.key}

    @router.post("/corrections", dependencies=signed_in)
    def ask_office() -> dict[str, Any]:
        """What the office corrected, asked for now and not at the next round; it hears of open referrals by that."""
        return {"corrected": station.here.corrections.bring()}

    return router


PART: Final = Part(biodata_routes)
