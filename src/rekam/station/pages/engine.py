"""How far the biometric engine is: a line for capture pages that goes away by itself, and a probe."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.station.engine_start import EngineStart
from rekam.station.front import Front
from rekam.web.health import Finding, Level
from rekam.web.i18n import _
from rekam.web.page import fragment
from rekam.web.part import Part

__all__ = ["PART", "engine_finding"]


def engine_pages(front: Front) -> APIRouter:
    """`/engine` is asked by pages every second while it is under way; empty once there is nothing to wait for."""
    router = APIRouter(dependencies=[Depends(front.sessions.require)])

    @router.get("/engine")
    def engine(request: Request) -> Response:
        return fragment(request, "engine.html", engine=front.station.engine)

    return router


def engine_finding(engine: EngineStart) -> Finding:
    """One line of the place's health."""
    name = _("Mesin biometrik")
    if engine.trouble is not None:
        return Finding(
            "engine",
            name,
            Level.ALARM,
            _("Mesin biometrik tidak dapat dimuat; yang sudah terekam aman dan tetap dikirim."),
            _("Mulai ulang laptop ini. Bila masih begini, hubungi dinas: perangkat lunaknya rusak."),
        )
    if engine.is_under_way:
        said = _(
            "Mesin biometrik sedang disiapkan: %(n)s persen. Pengambilan menunggu sampai selesai.", n=engine.percent
        )
        return Finding("engine", name, Level.NOTE, said)
    return Finding("engine", name, Level.WELL, _("Siap dipakai.") if engine.is_ready else _("Dimuat saat diperlukan."))


PART: Final = Part(engine_pages)
