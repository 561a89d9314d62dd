"""`/outings` (Jemput bola): what is planned, under way and closed."""

from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.station.front import Front
from rekam.station.outing.expected import Standing
from rekam.station.outing.outings import Outing
from rekam.station.pages.outing_words import outing_view
from rekam.station.station import Station
from rekam.web.format import number
from rekam.web.health import Finding, Level
from rekam.web.i18n import _
from rekam.web.page import fragment, render
from rekam.web.part import Part

__all__ = ["PART"]


def outing_lists(front: Front) -> APIRouter:
    """All of them, and the one that is under way."""
    station = front.station
    router = APIRouter(prefix="/outings", dependencies=[Depends(front.sessions.require)])

    @router.get("")
    def listed(request: Request) -> Response:
        here = station.here
        return render(
            request,
            "outing/list.html",
            open_ones=[_row(station, one) for one in here.outings.open_ones()],
            closed=[outing_view(here, one) | {"counts": one.counts} for one in here.outings.closed_ones()],
        )

    @router.get("/now")
    def now(request: Request) -> Response:
        """For the page on which residents are looked up; nothing while the team is at home."""
        here = station.here
        out = here.outings.out()
        return fragment(request, "outing/now.html", row=_row(station, out) if out else None)

    return router


def _row(station: Station, outing: Outing) -> dict[str, Any]:
    here = station.here
    standings = here.expected.standings(outing.number)
    listed = sum(standings.values())
    return outing_view(here, outing) | {
        "listed": listed,
        "left": standings[Standing.EXPECTED],
        "recorded": len(here.outings.recorded_at(outing.number)),
    }


def _left_open(front: Front) -> Finding:
    """Names that are kept longer than their errand."""
    here, title = front.station.here, _("Jemput bola")
    over = [one for one in here.outings.open_ones() if one.plan.last_day < here.outings.today]
    if not over or not here.outings.certain:
        return Finding("outings", title, Level.WELL, _("Tidak ada jemput bola yang lewat harinya dan belum ditutup."))
    said = _("Jemput bola ke %(place)s sudah lewat hari terakhirnya; daftar %(n)s nama masih di laptop ini.",
             place=over[0].plan.place, n=number(here.expected.count(over[0].number)))  # fmt: skip
    todo = _("Selesaikan yang harus dikerjakan, lalu tutup.")
    return Finding("outings", title, Level.NOTE, said, todo, f"/outings/{over[0].number}/return")


PART: Final = Part(outing_lists, probes=lambda front: (lambda: _left_open(front),))
