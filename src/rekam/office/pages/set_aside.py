"""`/set-aside`: what the centre refused and why, and how it is sent again."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.exchange.card_printed import CARD_PRINTED
from rekam.exchange.fence import REVOCATION
from rekam.exchange.key_ended import KEY_ENDED
from rekam.office.office import Office
from rekam.web.health import Tool
from rekam.web.i18n import N_, _
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.retold import retold
from rekam.web.staff.guard import require

__all__ = ["PART"]

_SAID: Final = {
    CARD_PRINTED: N_("Sebuah kartu dicetak"),
    REVOCATION: N_("Kunci stasiun dicabut"),
    KEY_ENDED: N_("Kunci petugas berakhir"),
}
"""What a statement told, by its kind; for the list of those that the centre refused."""


def set_aside_routes(office: Office) -> APIRouter:
    """The list, and sending one packet or all of them again. For any member of staff."""
    router = APIRouter(prefix="/set-aside", include_in_schema=False, dependencies=[Depends(require())])

    @router.get("")
    def listed(request: Request, again: int | None = None) -> Response:
        said = "" if again is None else _("%(n)s dikirim lagi; hasilnya terlihat di sini.", n=again)
        aside = [(line, retold(line.reason)) for line in office.outbox.set_aside()]
        refused = [
            (one.id, _(_SAID[one.kind]) if one.kind in _SAID else one.kind, _moment(one.at_ms), retold(one.reason))
            for one in office.statements.listed()
            if one.code
        ]
        return render(request, "set_aside.html", aside=aside, refused=refused, said=said)

    @router.post("")
    def send_again(packet_id: Annotated[str, Form(pattern="^([0-9a-f]{64})?$")] = "") -> Response:
        again = office.upward.retry(packet_id or None)
        office.relay.wake()
        return RedirectResponse(f"/set-aside?again={again}", 303)

    @router.post("/statements")
    def say_again(statement_id: Annotated[str, Form(pattern="^([0-9a-f]{64})?$")] = "") -> Response:
        again = office.statements.retry(statement_id or None)
        office.relay.wake()
        return RedirectResponse(f"/set-aside?again={again}", 303)

    return router


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


PART: Final = Part(
    set_aside_routes,
    tools=(
        Tool(
            "/set-aside",
            N_("Yang disisihkan"),
            N_("Rekaman dan laporan yang ditolak pusat, mengapa, dan mengirimnya lagi."),
            rank=30,
        ),
    ),
)
