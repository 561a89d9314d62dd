"""Every recording of this station and where it is now; one recording with its papers."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.sample import REASON_WORDS
from rekam.enrolment.status import Status
from rekam.station.front import STAFF, Front
from rekam.station.opened import Opened
from rekam.station.pages.papers import papers_card
from rekam.station.pages.upload import media_type_of
from rekam.station.recordings import Recording
from rekam.station.searches import Searches
from rekam.station.sessions import Sessions
from rekam.station.station import Station
from rekam.station.whereabouts import whereabouts
from rekam.web.i18n import N_, Language, error_text, language
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem

__all__ = ["PART"]

_GOOD = {Status.PRINT_READY_RECORD, Status.CARD_PRINTED, Status.CARD_SHIPPED, Status.CARD_ISSUED}
_WAITS = {Status.PROCESSING, Status.SENT_FOR_ENROLLMENT, Status.RECEIVED_AT_CENTRAL, Status.SENT_FOR_CARD_PRINTING}


def recording_pages(front: Front) -> APIRouter:
    """The list of them all, and each with its papers (`pages.papers` prints them)."""
    station, sessions, searches = front.station, front.sessions, front.searches
    router = APIRouter()
    router.include_router(_list_pages(station, sessions, searches))
    router.include_router(_single_pages(station, sessions))
    return router


def _list_pages(station: Station, sessions: Sessions, searches: Searches) -> APIRouter:
    router = APIRouter(prefix="/recordings", dependencies=[Depends(sessions.require)])

    @router.get("")
    def outbox(request: Request, found: str = "") -> Response:
        text, now = searches.recall(found), station.here.legal.now().at
        line = station.here.line
        listed = [recording_row(each, now) for each in station.here.recordings.search(text)]
        waiting = {each.packet_id for each in line.outbox.waiting(10_000)}
        return render(
            request,
            "recordings.html",
            text=text,
            unsent=[row for row in reversed(listed) if row["packet_id"] in waiting],
            refused=line.outbox.set_aside(),
            sent=[row for row in listed if row["sent"]],
            connected=line.state.connected,
            trouble=error_text(line.state.trouble) if line.state.trouble else None,
        )

    @router.post("")
    def search(text: Annotated[str, Form(max_length=100)] = "") -> Response:
        wanted = text.strip()
        return RedirectResponse(f"/recordings?found={searches.remember(wanted)}" if wanted else "/recordings", 303)

    @router.post("/send")
    def send_now() -> Response:
        """Also tries again what the office refused."""
        station.here.line.outbox.retry()
        station.here.line.wake()
        return RedirectResponse("/recordings", 303)

    return router


def _single_pages(station: Station, sessions: Sessions) -> APIRouter:
    router = APIRouter(prefix="/recordings/{packet_id}")
    signed_in = [Depends(sessions.require)]

    def page(request: Request, packet_id: str, *, fresh: bool) -> Response:
        here = station.here
        recording, exceptions = here.recordings.find(packet_id), here.recordings.particulars(packet_id).exceptions
        english = language() is Language.ENGLISH
        return render(
            request,
            "recording.html",
            recording=recording,
            row=recording_row(recording, station.here.legal.now().at),
            sequence=PacketNumber.parse(recording.number).sequence,
            excepted=[(held.slot, REASON_WORDS[held.reason][english]) for held in exceptions],
            fresh=fresh,
            papers=papers_card(here, recording),
            following=_following(here) if fresh else None,
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


def _following(here: Opened) -> dict[str, Any] | None:
    """Whom the queue calls next, once this one is saved; None where nobody waits."""
    line = here.queue.line()
    order = line.order()
    return {"id": str(order[0].id), "seen": line.version} if order and line.at_counter is None else None


def recording_row(recording: Recording, now: datetime) -> dict[str, Any]:
    """One recording in words, with the age of what is known about it."""
    where = whereabouts(recording, language())
    tone = "success" if where.status in _GOOD else "info" if where.status in _WAITS else "warning"
    return {
        "packet_id": recording.packet_id,
        "number": recording.number,
        "nik": recording.nik,
        "name": recording.name,
        "words": where.words,
        "advice": where.advice,
        "as_of": where.as_of,
        "age": (now - datetime.fromisoformat(where.as_of)).total_seconds(),
        "tone": tone,
        "sent": recording.custody_at is not None or recording.accepted_at is not None,
    }


PART: Final = Part(recording_pages, menu=(MenuItem("/recordings", N_("Rekaman dan kiriman"), STAFF, rank=20),))
