"""`/packets`: where each recording is, and what the centre told of it."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from rekam.enrolment.status import Status
from rekam.office.office import Office
from rekam.office.pages.words import since, status_words, tone
from rekam.web.i18n import N_
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem
from rekam.web.staff.guard import require

__all__ = ["PART", "PacketId"]

PacketId = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
LIMIT = 200


def packet_routes(office: Office) -> APIRouter:
    """Search by number, station or status; one packet's history. For any member of staff."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(require())])

    @router.get("/packets")
    def packets(request: Request, status: str = "", station: str = "", number: str = "") -> Response:
        found = office.whereabouts.packets(status=status, station=station, number=number.strip(), limit=LIMIT)
        return render(
            request,
            "packets.html",
            packets=found,
            asked={"status": status, "station": station, "number": number},
            statuses=[(line.status.value, status_words(line.status)) for line in office.whereabouts.by_status()],
            stations=[(line.station, line.station) for line in office.whereabouts.stations()],
            cut=len(found) == LIMIT,
            words=status_words,
            tone=tone,
            since=since(office),
        )

    @router.get("/packets/{packet_id}")
    def packet(request: Request, packet_id: PacketId) -> Response:
        held, told = office.whereabouts.packet(packet_id)
        return render(
            request,
            "packet.html",
            packet=held,
            told=[(line, status_words(Status(line.status)) if line.status else "") for line in told],
            words=status_words,
            tone=tone,
        )

    return router


PART: Final = Part(packet_routes, menu=(MenuItem("/packets", N_("Rekaman"), rank=20),))
