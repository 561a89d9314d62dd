"""`/`: the office at a glance: stations, backlog, what is where, the way to the centre; and the centre's notices."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.office.office import Office
from rekam.office.pages.words import older_words, since, status_words
from rekam.web.i18n import N_
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem
from rekam.web.staff.guard import require

__all__ = ["PART"]


def overview_routes(office: Office) -> APIRouter:
    """The overview and the notices, for any member of staff."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(require())])

    @router.get("/")
    def overview(request: Request) -> Response:
        state, older = office.state(), office.past.found()
        return render(
            request,
            "overview.html",
            state=state,
            oldest=timedelta(seconds=state.oldest_s),
            connection=office.relay.connection,
            connection_for=_connection_age(office),
            stations=office.whereabouts.stations(),
            statuses=office.whereabouts.by_status(),
            older=older,
            older_what=older_words(older.what) if older else "",
            log_alarms=office.log_watch.open_alarms(),
            doubled=office.whereabouts.doubled(),
            set_aside=office.outbox.set_aside(),
            words=status_words,
            since=since(office),
        )

    @router.get("/notices")
    def notices(request: Request) -> Response:
        return render(request, "notices.html", notices=office.notices.newest())

    return router


def _connection_age(office: Office) -> timedelta:
    passed_ns = office.clock.stamp().monotonic_ns - office.relay.connection.since_ns
    return timedelta(seconds=max(0, passed_ns) / 1e9)


PART: Final = Part(
    overview_routes, menu=(MenuItem("/", N_("Ringkasan"), rank=10), MenuItem("/notices", N_("Pengumuman"), rank=50))
)
