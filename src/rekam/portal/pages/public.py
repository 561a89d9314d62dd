"""`/notices` and `/keys`: what anybody may know; `/api/state`: how fresh the copy is, for watchdogs and the drill."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rekam.exchange.feed import PORTAL_FEED
from rekam.portal.portal import Portal
from rekam.web.page import render

__all__ = ["public_routes"]


def public_routes(portal: Portal) -> APIRouter:
    """Nothing here is about a person."""
    router = APIRouter(include_in_schema=False)

    @router.get("/notices")
    def notices(request: Request) -> Response:
        return render(request, "notices.html", notices=portal.copy.notices(), copy=portal.copy.age())

    @router.get("/keys")
    def keys(request: Request) -> Response:
        return render(request, "keys.html", root=portal.root, centre=portal.centre, withdrawn=_rows(portal))

    @router.get("/keys.json")
    def keys_json() -> dict[str, Any]:
        """`root`: Ed25519 public key; `centre`: its certificate chain, leaf first; `log`: what verifies the public log
        (C2SP vkey); `withdrawn`: stations' keys that are no longer believed (`documents.withdrawals`). Bytes in
        base64, ids in hex.
        """
        return {
            "log": str(portal.log.key),
            "withdrawn": portal.copy.withdrawn(),
            "root": {"key_id": portal.root.key_id.hex(), "key": b64encode(portal.root.raw).decode()},
            "centre": {
                "key_id": portal.centre.signing.key_id.hex(),
                "key": b64encode(portal.centre.signing.raw).decode(),
                "chain": [b64encode(certificate).decode() for certificate in portal.centre_chain],
            },
        }

    @router.get("/api/state")
    def state() -> dict[str, Any]:
        statuses, notices = portal.copy.counts()
        age = portal.copy.age().age
        return {
            "statuses": statuses,
            "notices": notices,
            "feed_cursor": portal.sink.cursor(PORTAL_FEED),
            "copy_age_s": age.total_seconds() if age is not None else None,
            "connected": portal.following.problem is None and age is not None,
        }

    return router


def _rows(portal: Portal) -> list[dict[str, Any]]:
    return [each | {"at": datetime.fromtimestamp(each["at_ms"] / 1000, UTC)} for each in portal.copy.withdrawn()]
