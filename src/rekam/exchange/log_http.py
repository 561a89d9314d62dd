"""The public log over HTTP, as C2SP tlog-tiles lays it out: files that anybody may fetch and keep."""

from typing import Final

from fastapi import APIRouter, Response

from rekam.exchange.log import LogSource, NoSuchTile
from rekam.trust.log.tiles import Tile

__all__ = ["log_router"]

_FOREVER: Final = "public, max-age=31536000, immutable"
_TEXT: Final = "text/plain; charset=utf-8"


def log_router(log: LogSource) -> APIRouter:
    """The routes under `/log`: `checkpoint`, `tile/<level>/<n>[.p/<width>]`, `tile/entries/<n>[.p/<width>]`.

    Open to everybody: a commitment tells nothing to those who do not hold the packet's number, id and salt.
    """
    router = APIRouter(prefix="/log")

    @router.get("/checkpoint")
    def checkpoint() -> Response:
        try:
            note = log.checkpoint()
        except NoSuchTile:
            return Response(status_code=404)
        return Response(str(note), media_type=_TEXT, headers={"cache-control": "no-store"})

    @router.get("/tile/{level}/{path:path}")
    def tile(level: str, path: str) -> Response:
        try:
            content = log.tile(Tile.at(level, path))
        except (NoSuchTile, ValueError):
            return Response(status_code=404)
        return Response(content, media_type="application/octet-stream", headers={"cache-control": _FOREVER})

    return router
