"""`/health` for watchdogs and `/metrics` for Prometheus; neither holds personal data."""

from collections.abc import Callable, Mapping
from importlib.metadata import version

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rekam.trust.clock import Clock
from rekam.web.health import Probes, examine, status_of

__all__ = ["Metering", "observation_router"]


class Metering:
    """ASGI middleware: counts answers and their seconds, by the route's pattern."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry, clock: Clock) -> None:
        self._app, self._clock = app, clock
        labels = ("method", "route", "status")
        self._answers = Counter("rekam_http_answers", "Answers given", labels, registry=registry)
        self._seconds = Histogram("rekam_http_seconds", "Seconds to an answer", ("route",), registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        began = self._clock.stamp().monotonic_ns

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            self._answers.labels(scope["method"], route, status).inc()
            self._seconds.labels(route).observe((self._clock.stamp().monotonic_ns - began) / 1e9)


def observation_router(
    place: str, registry: CollectorRegistry, checks: Mapping[str, Callable[[], bool]], probes: Probes
) -> APIRouter:
    """The two routes. `checks` name what this place cannot serve without, such as its database: 503 when one fails.
    `probes` tell the rest in words (`rekam.web.health`); what they find does not stop a place from serving.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/health")
    def health() -> JSONResponse:
        found = {name: check() for name, check in checks.items()}
        well = all(found.values())
        findings = examine(probes()) if well else []
        body = {
            "place": place,
            "status": status_of(findings) if well else "failing",
            "version": version("rekam"),
            "checks": found,
            "findings": [finding.to_map() for finding in findings],
        }
        return JSONResponse(body, 200 if well else 503)

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router
