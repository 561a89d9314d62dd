"""The station's JSON API: the same facade as its pages, for the drill and the command line."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request, Response
from pydantic import BaseModel, Field

from rekam.enrolment.sample import ExceptionReason, Slot
from rekam.station.sessions import Sessions
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.station.views import age_seconds, recording_view, sitting_view, slot_view
from rekam.trust.clock import Clock
from rekam.web.came_down import filter_map, master_map
from rekam.web.page import site_of

__all__ = ["station_api"]

PDF = "application/pdf"


class SignIn(BaseModel):
    operator: str
    pin: str


class Attempt(BaseModel):
    slot: str
    forced: bool = False


class Exempt(BaseModel):
    slot: str
    reason: ExceptionReason
    supervisor: str
    pin: str


class Save(BaseModel):
    consent: bool
    supervisor: str | None = None
    pin: str | None = Field(default=None, repr=False)


NikField = Annotated[str, Body(embed=True)]
ReasonField = Annotated[str, Body(embed=True)]


def station_api(station: Station, sessions: Sessions, clock: Clock) -> APIRouter:
    """The routes under `/api`; all but sign-in and state need a session."""
    router = APIRouter(prefix="/api")
    router.include_router(_sign_in_routes(station, sessions, clock))
    router.include_router(_sitting_routes(station, sessions))
    router.include_router(_recording_routes(station, sessions))
    return router


def _sign_in_routes(station: Station, sessions: Sessions, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.post("/sign-in")
    def sign_in(request: Request, response: Response, given: SignIn) -> dict[str, str]:
        unlocked = station.sign_in(given.operator, given.pin)
        response.set_cookie(site_of(request).cookie, sessions.open(unlocked), httponly=True, samesite="strict")
        return {"operator": unlocked.operator.subject, "role": unlocked.operator.role}

    @router.get("/state")
    def state() -> dict[str, Any]:
        """What the bottom bar shows; tells nothing about residents."""
        if not station.is_open:
            return {"open": False}
        line, here = station.here.line, station.here
        unsent, since = line.outbox.unsent()
        return {
            "open": True,
            "connected": line.state.connected,
            "trouble": line.state.trouble.code if line.state.trouble else None,
            "unsent": unsent,
            "oldest_unsent_s": age_seconds(clock, since),
            "recordings": here.recordings.count(),
            "drafts": here.drafts.count(),
            "filter": filter_map(here.filter),
            "master": master_map(here.master),
        }

    return router


def _sitting_routes(station: Station, sessions: Sessions) -> APIRouter:
    router = APIRouter()
    operator = Annotated[Unlocked, Depends(sessions.require)]
    signed_in = [Depends(sessions.require)]

    @router.post("/check", dependencies=signed_in)
    def check(nik: NikField) -> dict[str, str]:
        advice = station.ask(nik)
        words = advice.answer.words()
        return {"answer": advice.answer, "source": advice.source, "as_of": advice.as_of, "words": words}

    @router.post("/sittings")
    def open_sitting(who: operator, nik: NikField) -> dict[str, Any]:
        return sitting_view(station.open_sitting(nik, who))

    @router.get("/sittings/{sitting_id}", dependencies=signed_in)
    def sitting(sitting_id: str) -> dict[str, Any]:
        return sitting_view(station.sitting(sitting_id))

    @router.post("/sittings/{sitting_id}/biodata", dependencies=signed_in)
    def confirm(sitting_id: str) -> dict[str, Any]:
        return sitting_view(station.confirm_biodata(sitting_id))

    @router.post("/sittings/{sitting_id}/capture", dependencies=signed_in)
    def capture(sitting_id: str, attempt: Attempt) -> dict[str, Any]:
        changed, judged = station.capture(sitting_id, Slot.parse(attempt.slot), forced=attempt.forced)
        return slot_view(attempt.slot, changed, judged)

    @router.post("/sittings/{sitting_id}/exception", dependencies=signed_in)
    def exempt(sitting_id: str, given: Exempt) -> dict[str, Any]:
        slot = Slot.parse(given.slot)
        return sitting_view(station.except_slot(sitting_id, slot, given.reason, given.supervisor, given.pin))

    @router.post("/sittings/{sitting_id}/go-on", dependencies=signed_in)
    def go_on(sitting_id: str, reason: ReasonField) -> dict[str, Any]:
        return sitting_view(station.go_on(sitting_id, reason))

    @router.post("/sittings/{sitting_id}/abandon", status_code=204)
    def abandon(who: operator, sitting_id: str, reason: ReasonField) -> None:
        station.abandon(sitting_id, who, reason)

    @router.post("/sittings/{sitting_id}/save")
    def save(who: operator, sitting_id: str, given: Save) -> dict[str, Any]:
        supervisor = station.supervisor(given.supervisor, given.pin or "") if given.supervisor else None
        return recording_view(station.save(sitting_id, who, supervisor=supervisor, consent=given.consent))

    return router


def _recording_routes(station: Station, sessions: Sessions) -> APIRouter:
    router = APIRouter(prefix="/recordings")
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("", dependencies=[Depends(sessions.require)])
    def recordings(query: str = "") -> list[dict[str, Any]]:
        return [recording_view(recording) for recording in station.here.recordings.search(query, limit=10_000)]

    @router.post("/{packet_id}/proof")
    def proof(who: operator, packet_id: str) -> Response:
        return Response(station.here.papers.proof(packet_id, who.operator.subject), media_type=PDF)

    @router.post("/{packet_id}/suket")
    def suket(who: operator, packet_id: str) -> Response:
        return Response(station.here.papers.suket(packet_id, who.operator.subject), media_type=PDF)

    return router
