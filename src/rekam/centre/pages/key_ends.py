"""`/key-ends`: keys of people at stations that ended, after which recording, and what waits because of it."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rekam.centre.front import Front
from rekam.centre.pages.roles import Member
from rekam.web.health import Tool
from rekam.web.i18n import N_, _
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "WHY"]

WHY: Final[Mapping[str, str]] = {
    "replaced": N_("kunci baru menggantikannya"),
    "left": N_("tidak bertugas lagi"),
    "stopped": N_("dihentikan dua petugas dinas"),
}
"""Why a key ended, in a few words."""


def key_end_pages(front: Front) -> APIRouter:
    """For all of the centre's staff."""
    router = APIRouter(include_in_schema=False)

    @router.get("/key-ends")
    def listed(request: Request, _person: Member) -> Response:
        ends = front.centre.ended_keys.listed()
        return render(
            request,
            "centre/key_ends.html",
            lines=[(one, _(WHY[one.end.why])) for one in ends],
            waiting=sum(one.waiting for one in ends),
        )

    return router


PART: Final = Part(
    key_end_pages,
    tools=(
        Tool(
            "/key-ends",
            N_("Kunci petugas yang berakhir"),
            N_("Kunci siapa di stasiun mana, sesudah rekaman berapa, dan rekaman mana yang menunggu karenanya."),
            rank=12,
        ),
    ),
)
