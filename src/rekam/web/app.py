"""`create_app`: the web application of one place, with everything that all places' pages share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request
from prometheus_client import CollectorRegistry
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from rekam.enrolment.errors import RekamError
from rekam.web.asked_first import added
from rekam.web.assets import ASSETS, is_installed
from rekam.web.failures import Calm, handle_failures
from rekam.web.health import Probes
from rekam.web.language_switch import LanguageSwitch
from rekam.web.language_switch import router as language_router
from rekam.web.look import router as look_router
from rekam.web.observation import Metering, observation_router
from rekam.web.page import environment, fragment
from rekam.web.protection import Protection, refuse_foreign_origin
from rekam.web.site import Site
from rekam.web.staff.pages import identify_by, staff_router
from rekam.web.staff.store import StaffStore

__all__ = ["create_app"]

_log = structlog.get_logger("rekam.web")


def create_app(
    site: Site,
    *,
    routers: Sequence[APIRouter] = (),
    templates: Path | None = None,
    assets: Path | None = None,
    staff: StaffStore | None = None,
    statuses: Mapping[type[RekamError], int] | None = None,
    checks: Mapping[str, Callable[[], bool]] | None = None,
    probes: Probes = tuple,
    registry: CollectorRegistry | None = None,
    watches: Sequence[Callable[[Request], None]] = (),
    development: bool = False,
) -> FastAPI:
    """The application of the place `site`.

    `routers` hold the place's own routes and `templates` its Jinja files; `assets` is served at `/assets/<kind>/`.
    With `staff`, `/sign-in` and `/sign-out` exist; a place with its own sign-in gives both routes itself and says in
    `site.identify` who is there. `statuses` maps errors to HTTP statuses, `checks` and `probes` feed `/health`,
    `registry` holds further metrics, `watches` are called with every request that is let in, `development` adds the
    gallery of components at `/look` and tells failures in full in the log.
    """
    if not is_installed():
        _log.warning("fonts and scripts are missing; run python -m rekam.web.assets")
    metrics = registry or CollectorRegistry()
    if staff:
        site = replace(site, identify=identify_by(staff, site.cookie))
    asked_first = [Depends(refuse_foreign_origin), *map(Depends, watches)]
    app = FastAPI(title=site.name, openapi_url=None, dependencies=asked_first)
    app.state.site = site
    app.state.pages = environment(site, templates, assets)
    handle_failures(app, statuses)
    # the first added is the innermost
    app.add_middleware(Calm, tell_all=development)
    app.add_middleware(LanguageSwitch)
    app.add_middleware(Protection)
    app.add_middleware(Metering, registry=metrics, clock=site.clock)
    if assets:
        app.mount(f"/assets/{site.kind}", StaticFiles(directory=assets))
    app.mount("/assets", StaticFiles(directory=ASSETS))
    app.include_router(observation_router(site.kind, metrics, checks or {}, probes))
    app.include_router(language_router)
    app.include_router(_bar_router)
    if staff:
        app.include_router(staff_router(staff))
    if development:
        app.include_router(look_router)
    for router in routers:
        added(app, router, watches)
    return app


_bar_router = APIRouter(include_in_schema=False)


@_bar_router.get("/bar")
def bar(request: Request) -> Response:
    """The bottom bar by itself, which pages ask for every few seconds."""
    site: Site = request.app.state.site
    state = site.bar() if site.bar else None
    return (
        fragment(request, "shared/bottom_bar.html", bar=state, notice=site.newest_notice())
        if state
        else Response(status_code=204)
    )
