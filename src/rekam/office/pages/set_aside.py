"""`/set-aside`: what the centre refused and why, and how it is sent again."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.office.office import Office
from rekam.web.health import Tool
from rekam.web.i18n import N_, _
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.staff.guard import require

__all__ = ["PART"]


def set_aside_routes(office: Office) -> APIRouter:
    """The list, and sending one packet or all of them again. For any member of staff."""
    router = APIRouter(prefix="/set-aside", include_in_schema=False, dependencies=[Depends(require())])

    @router.get("")
    def listed(request: Request, again: int | None = None) -> Response:
        said = "" if again is None else _("%(n)s rekaman dikirim lagi; hasilnya terlihat di sini.", n=again)
        return render(request, "set_aside.html", aside=office.outbox.set_aside(), said=said)

    @router.post("")
    def send_again(packet_id: Annotated[str, Form(pattern="^([0-9a-f]{64})?$")] = "") -> Response:
        again = office.outbox.retry(packet_id or None)
        office.relay.wake()
        return RedirectResponse(f"/set-aside?again={again}", 303)

    return router


PART: Final = Part(
    set_aside_routes,
    tools=(
        Tool(
            "/set-aside",
            N_("Rekaman yang disisihkan"),
            N_("Apa yang ditolak pusat, mengapa, dan mengirimnya lagi."),
            rank=30,
        ),
    ),
)
