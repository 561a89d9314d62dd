"""`/witnesses`: which offices watch the public log, who is behind, and what they hold that this log denies."""

from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rekam.centre.front import Front
from rekam.centre.pages.roles import Member
from rekam.centre.pages.told import age_of
from rekam.centre.sql import QUERIES
from rekam.trust.log.checkpoint import Checkpoint
from rekam.web.health import Tool
from rekam.web.i18n import N_
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART"]

LONG_SILENT_DAYS = 30
"""After a month without a cosignature an office is called silent: mobile offices are away for weeks."""


def witness_pages(front: Front) -> APIRouter:
    """For all of the centre's staff."""
    centre = front.centre
    router = APIRouter(include_in_schema=False)

    @router.get("/witnesses")
    def witnesses(request: Request, _person: Member) -> Response:
        size = Checkpoint.parse(centre.tree.checkpoint().text).size
        by_office = {each.office: each for each in centre.witnesses.newest()}
        with centre.pool.connection() as connection:
            offices = [(row[0], row[1]) for row in connection.execute(QUERIES.offices)]
        lines = []
        for office, name in offices:
            signed = by_office.get(office)
            at = datetime.fromtimestamp(signed.at_s, UTC) if signed else None
            age = age_of(request, at)
            silent = age is None or age.days >= LONG_SILENT_DAYS
            behind = size - signed.size if signed else None
            lines.append({"office": office, "name": name, "behind": behind, "at": at, "age": age, "silent": silent})
        lines.sort(key=lambda line: (not line["silent"], line["office"]))
        return render(
            request,
            "centre/witnesses.html",
            size=size,
            lines=lines,
            signing=sum(line["at"] is not None for line in lines),
            silent=sum(line["silent"] for line in lines),
            denied=centre.witnesses.denied(),
            log_key=str(centre.cosignatures.log),
        )

    return router


PART: Final = Part(
    witness_pages,
    tools=(
        Tool(
            "/witnesses",
            N_("Saksi log"),
            N_("Dinas mana yang ikut menandatangani log publik, dan siapa yang tertinggal."),
            rank=10,
        ),
    ),
)
