"""What waits to be sent, how fast it goes and what was refused: `/outbox`."""

from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.exchange.errors import LinkClosed
from rekam.station.front import Front
from rekam.station.opened import Opened
from rekam.station.pages.where import news, recording_row
from rekam.station.sending_rate import measured_rate
from rekam.station.views import age_seconds
from rekam.web.i18n import error_text
from rekam.web.page import fragment, render
from rekam.web.part import Part

__all__ = ["PART"]

_LISTED: Final = 50


def outbox_pages(front: Front) -> APIRouter:
    """Oldest first. The figures renew themselves; the lists wait until the page is asked for again."""
    station = front.station
    router = APIRouter(dependencies=[Depends(front.sessions.require)])

    @router.get("/outbox")
    def outbox(request: Request) -> Response:
        here, known = station.here, news(station.here)
        return render(
            request,
            "outbox.html",
            waiting=[recording_row(each, known) for each in here.recordings.waiting(_LISTED)],
            refused=[recording_row(each, known) for each in here.recordings.set_aside(_LISTED)],
            limit=_LISTED,
            **progress(front, here),
        )

    @router.get("/outbox/progress")
    def renewed(request: Request) -> Response:
        return fragment(request, "outbox_progress.html", **progress(front, station.here))

    @router.post("/outbox/send")
    def send_now() -> Response:
        """Also tries again what the office refused."""
        station.here.line.retry()
        station.here.line.wake()
        return RedirectResponse("/outbox", 303)

    return router


def progress(front: Front, here: Opened) -> dict[str, Any]:
    """Measured figures alone: without a connection, or without receipts in the last minutes, nothing is foretold."""
    unsent, since = here.line.outbox.unsent()
    size, aside = here.line.outbox.unsent_bytes()
    state = here.line.state
    now = here.legal.now().at
    connected = state.reached(now)
    rate = measured_rate(here.store, now) if connected else None
    left: timedelta | None = rate.time_for(size) if rate and unsent > aside else None
    return {
        "unsent": unsent,
        "aside": aside,
        "size": size,
        "oldest": age_seconds(front.clock, since),
        "recorded": here.recordings.count(),
        "rate": rate,
        "left": left,
        "connected": connected,
        "answered": (now - state.answered).total_seconds() if state.answered else None,
        "closed_hours": isinstance(state.trouble, LinkClosed),
        "trouble": error_text(state.trouble) if state.trouble else None,
    }


PART: Final = Part(outbox_pages)
