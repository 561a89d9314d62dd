"""Every recording of this station and where it is now; one recording with its papers."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.sample import REASON_WORDS
from rekam.station.front import STAFF, Front
from rekam.station.opened import Opened
from rekam.station.pages.papers import papers_card
from rekam.station.pages.referral_view import corrected_after
from rekam.station.pages.upload import media_type_of
from rekam.station.pages.where import news, recording_row
from rekam.station.recordings import Recording
from rekam.station.sessions import Sessions
from rekam.station.station import Station
from rekam.station.views import age_seconds
from rekam.web.i18n import N_, Language, language
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.searches import Searches
from rekam.web.site import MenuItem

__all__ = ["PART"]

_LISTED: Final = 50


def recording_pages(front: Front) -> APIRouter:
    """The list of them all, and each with its papers (`pages.papers` prints them)."""
    station, sessions = front.station, front.sessions
    router = APIRouter()
    router.include_router(_list_pages(front))
    router.include_router(_single_pages(station, sessions))
    return router


def _list_pages(front: Front) -> APIRouter:
    station, sessions, searches = front.station, front.sessions, front.searches
    router = APIRouter(prefix="/recordings", dependencies=[Depends(sessions.require)])

    @router.get("")
    def listed(request: Request, found: str = "") -> Response:
        text, known, here = searches.recall(found), news(station.here), station.here
        unsent, since = here.line.outbox.unsent()
        return render(
            request,
            "recordings.html",
            text=text,
            rows=[recording_row(each, known) for each in here.recordings.search(text, limit=_LISTED)],
            limit=_LISTED,
            known=known,
            unsent=unsent,
            oldest=age_seconds(front.clock, since),
            refused=here.line.outbox.set_aside(),
        )

    @router.post("")
    def search(text: Annotated[str, Form(max_length=100)] = "") -> Response:
        wanted = text.strip()
        return RedirectResponse(where_found(station, searches, wanted) or "/recordings", 303)

    return router


def _single_pages(station: Station, sessions: Sessions) -> APIRouter:
    router = APIRouter(prefix="/recordings/{packet_id}")
    signed_in = [Depends(sessions.require)]

    def page(request: Request, packet_id: str, *, fresh: bool) -> Response:
        here = station.here
        recording, held = here.recordings.find(packet_id), here.recordings.particulars(packet_id)
        english = language() is Language.ENGLISH
        return render(
            request,
            "recording.html",
            recording=recording,
            row=recording_row(recording, news(here)),
            sequence=PacketNumber.parse(recording.number).sequence,
            excepted=[(each.slot, REASON_WORDS[each.reason][english]) for each in held.exceptions],
            fresh=fresh,
            after=None if fresh else corrected_after(here, recording.nik),
            papers=papers_card(here, recording),
            following=_following(here) if fresh else None,
            hands=_names(station, recording),
            relative=here.family.following(recording.nik, held.biodata.kk) if fresh else None,
        )

    @router.get("/saved", dependencies=signed_in)
    def saved(request: Request, packet_id: str) -> Response:
        return page(request, packet_id, fresh=True)

    @router.get("", dependencies=signed_in)
    def single(request: Request, packet_id: str) -> Response:
        return page(request, packet_id, fresh=False)

    @router.get("/photo", dependencies=signed_in)
    def photo(packet_id: str) -> Response:
        image = station.here.recordings.particulars(packet_id).photo or b""
        return Response(image, 200 if image else 404, media_type=media_type_of(image))

    return router


def _names(station: Station, recording: Recording) -> str:
    """Who took part, the one who signed last."""
    took_part = [one for one in station.here.hands.of(recording.sitting_id) if one != recording.operator]
    return ", ".join(station.operators.name_of(one) for one in (*took_part, recording.operator))


def _following(here: Opened) -> dict[str, Any] | None:
    """Whom the queue calls next, once this one is saved; None where nobody waits."""
    line = here.queue.line()
    order = line.order()
    return {"id": str(order[0].id), "seen": line.version} if order and line.at_counter is None else None


def where_found(station: Station, searches: Searches, wanted: str) -> str | None:
    """The address of the one recording that is meant, else of the list of those found; None where nothing was asked."""
    if not wanted:
        return None
    found = station.here.recordings.search(wanted, limit=2)
    return f"/recordings/{found[0].packet_id}" if len(found) == 1 else f"/recordings?found={searches.remember(wanted)}"


PART: Final = Part(
    recording_pages, menu=(MenuItem("/recordings", N_("Rekaman dan kiriman"), STAFF, rank=20, below=("/outbox",)),)
)
