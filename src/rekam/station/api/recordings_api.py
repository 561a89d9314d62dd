"""What was recorded here, and its papers."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Query, Response

from rekam.station.front import Front
from rekam.station.papers import MOST_REASON
from rekam.station.unlock import Unlocked
from rekam.station.views import recording_view
from rekam.web.part import Part

__all__ = ["PART"]

PDF = "application/pdf"
PAGE: Final = 100
Page = Annotated[int, Query(ge=1, le=PAGE)]
ReasonField = Annotated[str, Body(embed=True, max_length=MOST_REASON)]


def recording_routes(front: Front) -> APIRouter:
    """Each needs a session."""
    router, station, sessions = APIRouter(prefix="/api/recordings"), front.station, front.sessions
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("", dependencies=[Depends(sessions.require)])
    def recordings(query: str = "", before: str = "", limit: Page = PAGE) -> list[dict[str, Any]]:
        """Newest first, `limit` at once; `before` is the packet id of the last one seen."""
        found = station.here.recordings.search(query, limit=limit, before=before)
        return [recording_view(recording) for recording in found]

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
