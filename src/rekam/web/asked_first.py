"""Routes that ask first whether a request is let in: `added`."""

from collections.abc import Callable, Sequence
from copy import copy

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from rekam.web.protection import refuse_foreign_origin

__all__ = ["added"]

Watch = Callable[[Request], None]


def added(app: FastAPI, router: APIRouter, watches: Sequence[Watch]) -> None:
    """Adds the routes of `router` to `app`, each behind `refuse_foreign_origin` and then `watches`, before a byte of
    the body is read.

    FastAPI's own way, `include_router` and dependencies of the application, works out every parameter of every route
    a second time at the first request: a third of a second of a place with as many pages as a station.
    """
    if not all(isinstance(route, APIRoute) for route in router.routes):
        app.include_router(router)  # a router within it, or a mount; the application's dependencies ask the same
        return
    for route in router.routes:
        asking = copy(route)  # some routers serve every application of a process
        asking.app = _asking(asking.app, watches)  # type: ignore[attr-defined]
        app.router.routes.append(asking)


def _asking(app: ASGIApp, watches: Sequence[Watch]) -> ASGIApp:
    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        await refuse_foreign_origin(request)
        for watch in watches:
            await run_in_threadpool(watch, request)
        await app(scope, receive, send)

    return asked
