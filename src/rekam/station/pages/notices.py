"""The notices of the centre, as the last feed brought them: also while nothing is connected."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.station.front import STAFF, Front
from rekam.station.notices import Notice as Told
from rekam.station.pages.where import news
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.web.i18n import N_, Language, _, error_text, language
from rekam.web.language_switch import local_path
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem, Notice, Unread

__all__ = ["PART", "newest_notice", "notices_to_read"]


_LISTED: Final = 50


def notice_pages(front: Front) -> APIRouter:
    """Newest first; each operator acknowledges for themselves, and the supervisor sees who did."""
    station, sessions = front.station, front.sessions
    router = APIRouter()
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("/notices")
    def notices(request: Request, who: operator) -> Response:
        here, known = station.here, news(station.here)
        listed = here.notices.newest(_LISTED)
        readers = here.notices.readers([notice.number for notice in listed])
        names = {one.subject: one.name for one in station.operators.listed()}
        shown = [
            {
                "number": notice.number,
                "at": notice.at,
                "age": (known.now - datetime.fromisoformat(notice.at)).total_seconds(),
                "text": _text(notice),
                "todo": _todo(notice),
                "urgent": bool(notice.urgent),
                "read_at": dict(readers[notice.number]).get(who.operator.subject),
                "readers": [(names.get(subject, subject), at) for subject, at in readers[notice.number]],
                "unread_by": sorted(set(names.values()) - {names.get(each) for each, _at in readers[notice.number]}),
            }
            for notice in listed
        ]
        return render(request, "notices.html", notices=shown, known=known, supervises=who.operator.supervises)

    @router.post("/notices/{number}/read")
    def read(who: operator, number: int, back: Annotated[str, Form(max_length=500)] = "/notices") -> Response:
        station.here.notices.read(number, who.operator.subject)
        return RedirectResponse(local_path(back), 303)

    return router


def notices_to_read(front: Front, request: Request) -> list[Unread]:
    """What stands on every page of whoever is signed in, until they have read it."""
    screen = front.sessions.identify(request) if front.station.is_open else None
    if screen is None:
        return []
    here = front.station.here
    return [
        Unread(each.number, _text(each), _todo(each), datetime.fromisoformat(each.at), urgent=bool(each.urgent))
        for each in here.notices.unread(screen.unlocked.operator.subject)
    ]


def _text(notice: Told) -> str:
    return notice.text_en if language() is Language.ENGLISH else notice.text_id


def _todo(notice: Told) -> str:
    return notice.todo_en if language() is Language.ENGLISH else notice.todo_id


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
