"""`/queue/serving`: the second screen in the hall. Numbers only, and only for a screen of this very machine."""

from ipaddress import ip_address
from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.enrolment.errors import RekamError
from rekam.station.front import Front
from rekam.station.pages.queue import hall_of
from rekam.station.pages.queue_words import SERVICE_NAMES, wait_words
from rekam.web.i18n import _
from rekam.web.page import fragment
from rekam.web.part import Part

__all__ = ["PART", "OnlyOnThisMachine"]


class OnlyOnThisMachine(RekamError):
    """The screen of the queue is shown on the station's own second screen only. Nothing was changed.
    Open it in the browser of this laptop and move its window to the second screen.
    """


def serving_pages(front: Front) -> APIRouter:
    """Needs no session: it goes on while the operator's screen is locked."""
    station = front.station
    router = APIRouter(prefix="/queue/serving", dependencies=[Depends(_here_only)])

    def state() -> dict[str, Any]:
        if not station.is_open or station.here.queue.day() is None:
            return {"open": False, "now": "", "service": "", "calls": 0, "earlier": [], "waiting": "", "wait": ""}
        hall = hall_of(station.here)
        waiting = len(hall.waiting)
        return {
            "open": True,
            "now": str(hall.now.id) if hall.now else "",
            "service": _(SERVICE_NAMES[hall.now.service]) if hall.now else "",
            "calls": hall.now.calls if hall.now else 0,
            "earlier": [str(ticket.id) for ticket in hall.earlier],
            "waiting": _("%(n)s orang menunggu", n=waiting) if waiting else _("Tidak ada yang menunggu"),
            "wait": _("Ambil nomor sekarang: %(wait)s", wait=wait_words(hall.wait_if_taken_now)),
        }

    @router.get("")
    def screen(request: Request) -> Response:
        return fragment(request, "queue/serving.html", state=state(), is_open=station.is_open)

    @router.get("/now")
    def now() -> dict[str, Any]:
        return state()

    return router


def _here_only(request: Request) -> None:
    host = request.client.host if request.client else ""
    if not _loopback(host):
        raise OnlyOnThisMachine


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


PART: Final = Part(serving_pages, statuses={OnlyOnThisMachine: 403})
