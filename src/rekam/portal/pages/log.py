"""`/log`: the public log as this portal copied it, its witnesses, and the evidence where it broke its word."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rekam.exchange.log_http import log_router
from rekam.exchange.witness_http import published_lines
from rekam.portal.errors import NoSuchAlarm
from rekam.portal.portal import Portal
from rekam.web.i18n import error_text
from rekam.web.page import render

__all__ = ["log_routes"]


def log_routes(portal: Portal) -> APIRouter:
    """Open to everybody: entries name nobody."""
    router = APIRouter(include_in_schema=False)

    @router.get("/log")
    def log(request: Request) -> Response:
        following = portal.log
        return render(
            request,
            "log.html",
            size=following.store.size(),
            as_of=following.reached_at(),
            problem=error_text(following.problem) if following.problem else None,
            witnesses=following.witnesses.newest(),
            alarms=following.alarms(),
            log_key=str(following.key),
        )

    @router.get("/log/alarms/{number}.json")
    def evidence(number: int) -> Response:
        for alarm in portal.log.alarms():
            if alarm.number == number:
                named = {"content-disposition": f'attachment; filename="bukti-log-portal-{number}.json"'}
                return Response(alarm.evidence.to_json(), media_type="application/json", headers=named)
        raise NoSuchAlarm

    @router.get("/log/witnesses")
    def witnesses() -> list[dict[str, Any]]:
        """As the centre publishes it: with this and its copy, a portal is audited like the centre."""
        return published_lines(portal.log.witnesses)

    router.include_router(log_router(portal.log.copy))
    return router
