"""The simulated device service over HTTP, with SBI's own methods: `simulator_app`."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, Final

import anyio
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from rekam.interop.sbi.simulator.faults import Fault
from rekam.interop.sbi.simulator.service import SimulatedService

__all__ = ["Orders", "simulator_app"]

_FRAME_PAUSE_S: Final = 0.15
_HANGING_S: Final = 600.0
_JSON: Final = "application/json"


class Orders(BaseModel):
    """What `POST /simulate` may change; what is left out stays as it is."""

    fault: Fault | None = None
    error_code: str = ""
    times: int | None = None
    delay_s: float | None = None
    person: int | None = None
    impression: int | None = None

    def give(self, service: SimulatedService) -> None:
        """From the next capture on."""
        service.fault, service.error_code, service.times = self.fault, self.error_code, self.times
        service.delay_s = service.delay_s if self.delay_s is None else self.delay_s
        if "person" in self.model_fields_set:
            service.bodies.person = self.person
        service.bodies.impression = self.impression or service.bodies.impression


def simulator_app(service: SimulatedService) -> Starlette:
    """`MOSIPDISC /device`, `MOSIPDINFO /info`, `RCAPTURE /capture`, `STREAM /stream`, and `POST /simulate` for orders:
    faults, delays, who sits there.
    """

    async def capture(request: Request) -> Response:
        await anyio.sleep(service.delay_s)
        return await _answer(service, request, service.captured)

    async def stream(request: Request) -> Response:
        parts = service.streamed(await _asked(request))
        return StreamingResponse(_paced(parts), media_type="multipart/x-mixed-replace; boundary=frame")

    async def simulate(request: Request) -> Response:
        try:
            orders = Orders.model_validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"problems": error.errors(include_url=False, include_input=False)}, 422)
        orders.give(service)
        return JSONResponse({"fault": service.fault, "person": service.bodies.person})

    return Starlette(
        routes=[
            Route("/device", partial(_answer, service, make=lambda _: service.discovered()), methods=["MOSIPDISC"]),
            Route("/info", partial(_answer, service, make=lambda _: service.informed()), methods=["MOSIPDINFO"]),
            Route("/capture", capture, methods=["RCAPTURE"]),
            Route("/stream", stream, methods=["STREAM"]),
            Route("/simulate", simulate, methods=["POST"]),
        ]
    )


async def _answer(service: SimulatedService, request: Request, make: Callable[[dict[str, Any]], bytes]) -> Response:
    asked = await _asked(request)
    if service.fault is Fault.HANG:
        await anyio.sleep(_HANGING_S)
    body = await run_in_threadpool(make, asked)
    return Response(body, media_type=_JSON, headers={"cache-control": "no-store", "connection": "close"})


async def _paced(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (part := await run_in_threadpool(next, parts, None)) is not None:
        yield part
        await anyio.sleep(_FRAME_PAUSE_S)


async def _asked(request: Request) -> dict[str, Any]:
    """A body that is no object is an empty one: the service then refuses by its own codes."""
    try:
        held = await request.json()
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}
