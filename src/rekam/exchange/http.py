"""The exchange over HTTP: resumable uploads (after draft-ietf-httpbis-resumable-upload), the feed and its parts."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from rekam.exchange import zstd
from rekam.exchange.admission import MaySend, check_part_reader, check_reader
from rekam.exchange.http_serving import COSE, Authenticator, bare, json_of, problem_route, read_body, read_hashed
from rekam.exchange.remote import LocalRemote
from rekam.storage.hashed import Hashed
from rekam.trust.certificates import CertificateUnreadable, chain_from_bytes
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import SignedRequest
from rekam.trust.roll_call import ids_from_bytes

__all__ = ["PIECE", "STATION_CHAIN_HEADER", "exchange_router"]

STATION_CHAIN_HEADER = "rekam-station-certificate"
PIECE = "application/octet-stream"

_ID: Final = re.compile("[0-9a-f]{64}")
_OFFSET: Final = re.compile("[0-9]{1,15}")
PacketId = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


class PacketIds(BaseModel):
    """The packets that a sender asks about."""

    packet_ids: Annotated[list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]], Field(max_length=1000)]


def exchange_router(
    local: LocalRemote,
    *,
    place: str,
    root: VerifyKey,
    may_send: MaySend,
    still: MaySend = lambda _request: None,
) -> APIRouter:
    """The routes under `/exchange` of the place `place`, for requests signed under `root` (RFC 9421).

    `local` holds its inbox and feed; `may_send` decides who may upload; `still` refuses withdrawn keys. Every
    refusal is a problem document with a code and a sentence; a full disk answers 507, pressure and an absent database
    503 with Retry-After.
    """

    def sends(request: SignedRequest) -> None:
        still(request)
        may_send(request)

    router = APIRouter(prefix="/exchange", route_class=problem_route(place))
    sender = Authenticator(root, sends)
    _questions(router, local, sender)
    _uploads(router, local, sender)
    _downloads(router, local, Authenticator(root, still))
    return router


def _questions(router: APIRouter, local: LocalRemote, sender: Authenticator) -> None:
    @router.post("/lacking")
    def lacking(
        request: Annotated[SignedRequest, Depends(sender)], asked: Annotated[PacketIds, json_of(PacketIds)]
    ) -> dict[str, int]:
        return _of(local, request).lacking(asked.packet_ids)

    @router.post("/receipts", dependencies=[Depends(sender)])
    def receipts(asked: Annotated[PacketIds, json_of(PacketIds)]) -> dict[str, str]:
        return {key: b64encode(value).decode() for key, value in local.receipts(asked.packet_ids).items()}

    @router.post("/roll-call", dependencies=[Depends(sender)])
    def roll_call(body: Annotated[bytes, Depends(read_body)]) -> Response:
        return Response(local.roll_call(ids_from_bytes(body)), media_type=COSE)


def _uploads(router: APIRouter, local: LocalRemote, sender: Authenticator) -> None:
    @router.head("/packets/{packet_id}", status_code=204)
    def offset(packet_id: PacketId, response: Response, request: Annotated[SignedRequest, Depends(sender)]) -> None:
        response.headers["upload-offset"] = str(_of(local, request).offset(packet_id))

    def take(upload: _Upload, signed: SignedRequest, piece: Hashed) -> Response:
        own, body = _of(local, signed), piece.data
        if not upload.complete:
            reached = own.append(upload.packet_id, upload.offset, body) if body else upload.offset
            return Response(status_code=204, headers={"upload-offset": str(reached), "upload-complete": "?0"})
        if body and not upload.offset:
            receipt = own.take_in(upload.packet_id, upload.chain, piece)
        else:
            receipt = own.complete(upload.packet_id, upload.chain, upload.offset, body)
        return Response(receipt, status_code=201, headers={"upload-complete": "?1"}, media_type=COSE)

    @router.patch("/packets/{packet_id}")  # noqa: FAST003 -- read from the request, as all of it
    @bare
    async def upload(request: Request) -> Response:
        signed = await sender(request)
        return await run_in_threadpool(take, _Upload.of(request), signed, await read_hashed(request))


@dataclass(frozen=True)
class _Upload:
    """What path and headers say of a piece."""

    packet_id: str
    offset: int
    complete: bool
    chain: tuple[bytes, ...]

    @classmethod
    def of(cls, request: Request) -> "_Upload":
        """Raises RequestValidationError, or CertificateUnreadable."""
        packet_id, headers = request.path_params["packet_id"], request.headers
        offset, complete = headers.get("upload-offset", ""), headers.get("upload-complete", "")
        if not (_ID.fullmatch(packet_id) and _OFFSET.fullmatch(offset) and complete in {"?0", "?1"}):
            raise RequestValidationError([])
        return cls(packet_id, int(offset), complete == "?1", _chain(headers.get(STATION_CHAIN_HEADER, "")))


def _of(local: LocalRemote, request: SignedRequest) -> LocalRemote:
    """The place as it is for this sender, whose begun uploads are nobody else's."""
    return local.seen_by(request.key_id.hex())


def _downloads(router: APIRouter, local: LocalRemote, authenticate: Authenticator) -> None:
    @router.get("/feed/{feed:path}")
    def feed_after(
        feed: str,
        after: int,
        request: Annotated[SignedRequest, Depends(authenticate)],
        accept: Annotated[str, Header()] = "",
    ) -> Response:
        check_reader(request, feed)
        batch = local.feed_after(feed, after)
        if batch is None:
            return Response(status_code=204)
        # a version that does not know of packing does not ask for it, and gets the signed bytes as they are
        packed = zstd.pack(batch) if zstd.MEDIA_TYPE in accept else batch
        small = len(packed) < len(batch)
        return Response(packed if small else batch, media_type=zstd.MEDIA_TYPE if small else COSE)

    @router.get("/parts/{part_id}")
    def part(
        part_id: PacketId,
        offset: Annotated[int, Query(ge=0)],
        request: Annotated[SignedRequest, Depends(authenticate)],
    ) -> Response:
        check_part_reader(request)
        return Response(local.part(part_id, offset), media_type=PIECE)


def _chain(header: str) -> tuple[bytes, ...]:
    try:
        return chain_from_bytes(b64decode(header, validate=True)) if header else ()
    except ValueError as error:
        raise CertificateUnreadable(reason=STATION_CHAIN_HEADER) from error
