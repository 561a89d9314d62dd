"""What was recorded here, and its papers."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Response

from rekam.station.front import Front
from rekam.station.papers import MOST_REASON
from rekam.station.unlock import Unlocked
from rekam.station.views import recording_view
from rekam.web.part import Part

__all__ = ["PART"]

PDF = "application/pdf"
ReasonField = Annotated[str, Body(embed=True, max_length=MOST_REASON)]


def recording_routes(front: Front) -> APIRouter:
    """Each needs a session."""
    router, station, sessions = APIRouter(prefix="/api/recordings"), front.station, front.sessions
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("", dependencies=[Depends(sessions.require)])
    def recordings(query: str = "") -> list[dict[str, Any]]:
        return [recording_view(recording) for recording in station.here.recordings.search(query, limit=10_000)]

    @router.post("/{packet_id}/proof")
    def proof(who: operator, packet_id: str, reason: ReasonField = "") -> Response:
        """`reason` for every copy after the first."""
        return Response(station.here.papers.proof(packet_id, who.operator.subject, reason), media_type=PDF)

    @router.post("/{packet_id}/suket")
    def suket(who: operator, packet_id: str, reason: ReasonField = "") -> Response:
        """See `proof`."""
        return Response(station.here.papers.suket(packet_id, who.operator.subject, reason), media_type=PDF)

    return router


PART: Final = Part(recording_routes)
