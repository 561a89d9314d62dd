"""The notices of the centre, as the last feed brought them: also while nothing is connected."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.station.front import STAFF, Front
from rekam.station.station import Station
from rekam.web.i18n import N_, Language, _, error_text, language
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem, Notice

__all__ = ["PART", "newest_notice"]


def notice_pages(front: Front) -> APIRouter:
    """Newest first."""
    station, sessions = front.station, front.sessions
    router = APIRouter(dependencies=[Depends(sessions.require)])

    @router.get("/notices")
    def notices(request: Request) -> Response:
        english, now = language() is Language.ENGLISH, station.here.legal.now().at
        shown = [
            {
                "number": notice.number,
                "at": notice.at,
                "age": (now - datetime.fromisoformat(notice.at)).total_seconds(),
                "text": notice.text_en if english else notice.text_id,
                "todo": notice.todo_en if english else notice.todo_id,
            }
            for notice in station.here.notices.newest(100)
        ]
        return render(request, "notices.html", notices=shown)

    return router


def newest_notice(station: Station) -> Notice | None:
    """What is wrong with this station's own past, else the newest notice of the centre."""
    trouble = station.here.past.trouble() if station.is_open else None
    if trouble is not None:
        return Notice(error_text(trouble), station.ports.clock.wall(), "danger")
    newest = station.here.notices.newest(1) if station.is_open else []
    if not newest:
        return None
    told = newest[0].text_en if language() is Language.ENGLISH else newest[0].text_id
    return Notice(_("Pengumuman %(n)s: %(told)s", n=newest[0].number, told=told), datetime.fromisoformat(newest[0].at))


PART: Final = Part(notice_pages, menu=(MenuItem("/notices", N_("Pengumuman"), STAFF, rank=30),))
