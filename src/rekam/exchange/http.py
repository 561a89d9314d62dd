"""The exchange over HTTP: resumable uploads (after draft-ietf-httpbis-resumable-upload) and the feed."""

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, Field

from rekam.enrolment.errors import RekamError
from rekam.exchange.admission import MaySend, check_reader
from rekam.exchange.errors import ChunkTooLarge, RemoteBusy, RemoteFull, RequestMalformed
from rekam.exchange.problem import MEDIA_TYPE, to_problem
from rekam.exchange.remote import LocalRemote
from rekam.storage.errors import DiskFull, DiskReserveReached
from rekam.trust.certificates import CertificateUnreadable, chain_from_bytes
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import ReplayGuard, SignedRequest, verify_request

__all__ = ["CHUNK_LIMIT", "COSE", "STATION_CHAIN_HEADER", "exchange_router"]

CHUNK_LIMIT = 1 << 20
STATION_CHAIN_HEADER = "rekam-station-certificate"
_DATABASE_AWAY_S = 5
COSE = "application/cose"

PacketId = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


class PacketIds(BaseModel):
    """The packets that a sender asks about."""

    packet_ids: Annotated[list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]], Field(max_length=1000)]


def exchange_router(local: LocalRemote, *, place: str, root: VerifyKey, may_send: MaySend) -> APIRouter:
    """The routes under `/exchange` of the place `place`, for requests signed under `root` (RFC 9421).

    `local` holds its inbox and feed; `may_send` decides who may upload. Every refusal is a problem document with a
    code and a sentence; a full disk answers 507, pressure and an absent database 503 with Retry-After.
    """
    router = APIRouter(prefix="/exchange", route_class=_problem_route(place))
    authenticate = _Authenticator(root)

    def sender(request: Annotated[SignedRequest, Depends(authenticate)]) -> SignedRequest:
        may_send(request)
        return request

    only_senders = [Depends(sender)]

    @router.post("/lacking", dependencies=only_senders)
    def lacking(asked: PacketIds) -> dict[str, int]:
        return local.lacking(asked.packet_ids)

    @router.post("/receipts", dependencies=only_senders)
    def receipts(asked: PacketIds) -> dict[str, str]:
        return {key: b64encode(value).decode() for key, value in local.receipts(asked.packet_ids).items()}

    @router.head("/packets/{packet_id}", dependencies=only_senders, status_code=204)
    def offset(packet_id: PacketId, response: Response) -> None:
        response.headers["upload-offset"] = str(local.offset(packet_id))

    @router.patch("/packets/{packet_id}", dependencies=only_senders)
    def upload(
        packet_id: PacketId,
        body: Annotated[bytes, Depends(_body)],
        upload_offset: Annotated[int, Header(ge=0)],
        upload_complete: Annotated[str, Header(pattern=r"^\?[01]$")],
        rekam_station_certificate: Annotated[str, Header()] = "",
    ) -> Response:
        reached = local.append(packet_id, upload_offset, body) if body else upload_offset
        if upload_complete == "?0":
            return Response(status_code=204, headers={"upload-offset": str(reached), "upload-complete": "?0"})
        receipt = local.complete(packet_id, _chain(rekam_station_certificate))
        return Response(receipt, status_code=201, headers={"upload-complete": "?1"}, media_type=COSE)

    @router.get("/feed/{feed:path}")
    def feed_after(feed: str, after: int, request: Annotated[SignedRequest, Depends(authenticate)]) -> Response:
        check_reader(request, feed)
        batch = local.feed_after(feed, after)
        return Response(status_code=204) if batch is None else Response(batch, media_type=COSE)

    return router


async def _body(request: Request) -> bytes:
    """The request's body, read up to the limit and no further."""
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > CHUNK_LIMIT:
            raise ChunkTooLarge(limit=CHUNK_LIMIT)
    # Later readers (the JSON body's parser) get what the stream held.
    request._body = bytes(received)  # noqa: SLF001 - Starlette's own cache; a stream is read only once
    return request._body  # noqa: SLF001


class _Authenticator:
    """A dependency: the verified signer of the request, each signature accepted once."""

    def __init__(self, root: VerifyKey) -> None:
        self._root = root
        self._guard = ReplayGuard()
        self._lock = threading.Lock()

    def __call__(self, request: Request, body: Annotated[bytes, Depends(_body)]) -> SignedRequest:
        raw_path = request.scope.get("raw_path") or request.url.path.encode()
        target = f"{raw_path.decode('ascii')}?{request.scope['query_string'].decode('ascii')}"
        signed = verify_request(request.method, target, request.headers, body, root=self._root)
        with self._lock:
            self._guard.check(signed)
        return signed


def _chain(header: str) -> tuple[bytes, ...]:
    try:
        return chain_from_bytes(b64decode(header, validate=True)) if header else ()
    except ValueError as error:
        raise CertificateUnreadable(reason=STATION_CHAIN_HEADER) from error


def _problem_route(place: str) -> type[APIRoute]:
    """A route whose errors leave as problem documents."""

    class ProblemRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_and_tell(request: Request) -> Response:
                try:
                    return await handle(request)
                except (DiskFull, DiskReserveReached):
                    return _problem(RemoteFull(place=place))
                except (psycopg.OperationalError, PoolTimeout):
                    return _problem(RemoteBusy(place=place, retry_after_s=_DATABASE_AWAY_S))
                except RequestValidationError:
                    return _problem(RequestMalformed(place=place))
                except RekamError as error:
                    return _problem(error)

            return handle_and_tell

    return ProblemRoute


def _problem(error: RekamError) -> Response:
    problem = to_problem(error)
    headers = {"retry-after": str(error.facts["retry_after_s"])} if isinstance(error, RemoteBusy) else {}
    return JSONResponse(problem, status_code=problem["status"], headers=headers, media_type=MEDIA_TYPE)
