"""The station's figures, for machines."""

from typing import Any, Final

from fastapi import APIRouter

from rekam.station.front import Front
from rekam.station.views import age_seconds
from rekam.web.came_down import filter_map, master_map
from rekam.web.part import Part

__all__ = ["PART"]


def state_routes(front: Front) -> APIRouter:
    """Needs no session."""
    router, station, clock = APIRouter(prefix="/api"), front.station, front.clock

    @router.get("/state")
    def state() -> dict[str, Any]:
        """What the bottom bar shows; tells nothing about residents."""
        if not station.is_open:
            return {"open": False}
        line, here = station.here.line, station.here
        unsent, since = line.outbox.unsent()
        return {
            "open": True,
            "connected": line.state.reached(station.here.legal.now().at),
            "trouble": line.state.trouble.code if line.state.trouble else None,
            "unsent": unsent,
            "oldest_unsent_s": age_seconds(clock, since),
            "recordings": here.recordings.count(),
            "drafts": here.drafts.count(),
            "filter": filter_map(here.filter),
            "master": master_map(here.master),
        }

    return router


PART: Final = Part(state_routes)
