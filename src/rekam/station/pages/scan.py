"""`/scan`: what a camera at the counter sees, one picture after the other, until a code is read."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from rekam.station.front import Front
from rekam.station.lookup.qr_frame import codes_in
from rekam.station.pages.start import leads_to
from rekam.station.pages.upload import read_image
from rekam.web.part import Part

__all__ = ["PART"]


def scan_pages(front: Front) -> APIRouter:
    """Answers nothing (204) until a picture shows a code; then where to go, never what the code says: that would be
    a NIK in the memory of a script.
    """
    router = APIRouter(prefix="/scan", dependencies=[Depends(front.sessions.require)])

    @router.post("")
    async def scan(request: Request) -> Response:
        picture, _kind = await read_image(request)
        return await run_in_threadpool(_answer, front, picture)

    return router


def _answer(front: Front, picture: bytes) -> Response:
    codes = codes_in(picture)
    if not codes:
        return Response(status_code=204)
    ways = [leads_to(front.station, front.searches, code) for code in codes]
    return JSONResponse({"to": next((way for way in ways if not way.startswith("/?")), ways[0])})


PART: Final = Part(scan_pages)
