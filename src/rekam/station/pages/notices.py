"""The notices of the centre, as the last feed brought them: also while nothing is connected."""

from datetime import datetime

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.station.sessions import Sessions
from rekam.station.station import Station
from rekam.web.i18n import Language, language
from rekam.web.page import render

__all__ = ["notice_pages"]


def notice_pages(station: Station, sessions: Sessions) -> APIRouter:
    """Newest first."""
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
