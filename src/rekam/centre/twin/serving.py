"""What the two machines of the centre ask of one another over HTTP: `centre_side`, `twin_side`."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Header, Response
from fastapi import Path as PathPart
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from rekam.centre.twin.far import Joined
from rekam.centre.twin.joining import ReplicationClosed
from rekam.centre.twin.takeover import CentreMayRun, Progress, TwinIncomplete
from rekam.centre.twin.word import NONCE_HEADER, WORD_HEADER, Role, Word, says_of
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RequestMalformed, SenderForbidden
from rekam.exchange.generation import Generation
from rekam.exchange.http_serving import COSE, Authenticator, json_of, problem_route, read_body
from rekam.exchange.problem import MEDIA_TYPE, to_problem
from rekam.storage.blobs import BlobStore
from rekam.trust.keys import SigningKey, VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["CentreSide", "Machine", "TwinSide", "centre_side", "twin_side"]

_NOT_NOW = 409
Nonce = Annotated[str, Header(alias=NONCE_HEADER, pattern="^[0-9a-f]{32}$")]
BlobId = Annotated[str, PathPart(pattern="^[0-9a-f]{64}$")]


class _Join(BaseModel):
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=300)]
    has_copy_of: Annotated[str, Field(max_length=40)]


class _Asked(BaseModel):
    packet_ids: Annotated[list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]], Field(max_length=1000)]


class _TakeOver(BaseModel):
    centre_is_off: bool
    although_incomplete: bool
    because: Annotated[str, Field(min_length=1, max_length=500)]


@dataclass(frozen=True)
class Machine:
    """One of the two. `root` proves the other's certificate, `key` signs its words, `role` and `generation` stand in
    them.
    """

    role: Role
    place: str
    key: SigningKey
    root: VerifyKey
    generation: Callable[[], Generation]

    def word(self, says: str) -> Response:
        """Its signed word."""
        return Response(self._signed(says), media_type=COSE)

    def answer(self, nonce: str, fields: Mapping[str, Any]) -> Response:
        """Fields with its signed word beside them that they answer the question `nonce`."""
        body = json.dumps(fields).encode()
        word = b64encode(self._signed(says_of(nonce, body))).decode()
        return Response(body, media_type="application/json", headers={WORD_HEADER: word})

    def _signed(self, says: str) -> bytes:
        now = self.generation()
        return Word(self.role, now.number, now.branch, says).signed(self.key)


class CentreSide(Protocol):
    """What a twin asks of the centre."""

    def join(self, url: str, *, has_copy_of: str) -> Joined:
        """Take the machine at `url` as the twin."""

    def give_way(self, newest: Generation) -> int:
        """Fence this centre; where its log ends."""


class TwinSide(Protocol):
    """What the centre, and an official at the twin, ask of it."""

    @property
    def stores(self) -> Mapping[str, BlobStore]:
        """The blob stores by name."""

    def take_over(self, *, centre_is_off: bool, although_incomplete: bool, because: str) -> None:
        """Begin to take over; raises what forbids it."""

    @property
    def progress(self) -> Progress:
        """How far it is."""


def _only_the_centre(machine: Machine) -> Callable[..., SignedRequest]:
    authenticate = Authenticator(machine.root)

    def check(request: Annotated[SignedRequest, Depends(authenticate)]) -> SignedRequest:
        """Both machines hold one key; whoever does not is no machine of the centre."""
        if request.signer.kind != "centre" or request.key_id != machine.key.public.key_id:
            raise SenderForbidden(kind=request.signer.kind, subject=request.signer.subject)
        return request

    return check


def _router(machine: Machine) -> APIRouter:
    only = [Depends(_only_the_centre(machine))]
    router = APIRouter(
        prefix="/twin", route_class=problem_route(machine.place), dependencies=only, include_in_schema=False
    )

    @router.post("/hello")
    def hello(nonce: Annotated[bytes, Depends(read_body)]) -> Response:
        return machine.word(nonce.decode("ascii", errors="replace")[:64])

    return router


def centre_side(machine: Machine, centre: CentreSide) -> APIRouter:
    """The routes under `/twin` of the centre."""
    router = _router(machine)

    @router.post("/join")
    def join(asked: Annotated[_Join, json_of(_Join)], nonce: Nonce) -> Any:
        try:
            joined = centre.join(asked.url, has_copy_of=asked.has_copy_of)
        except ReplicationClosed as error:
            return _refusal(error)
        files = {name: content.hex() for name, content in joined.files.items()}
        return machine.answer(nonce, vars(joined) | {"files": files})

    @router.post("/fence")
    def fence(rekam_generation: Annotated[str, Header()], nonce: Nonce) -> Response:
        newest = Generation.opened(rekam_generation, machine.key.public)
        if newest.number <= machine.generation().number:
            raise RequestMalformed(place=machine.place)
        return machine.answer(nonce, {"ends": centre.give_way(newest)})

    return router


def twin_side(machine: Machine, twin: TwinSide) -> APIRouter:
    """The routes under `/twin` of the twin."""
    router = _router(machine)

    def store_of(store: str) -> BlobStore:
        if store not in twin.stores:
            raise RequestMalformed(place=machine.place)
        return twin.stores[store]

    @router.post("/lacking/{store}")
    def lacking(
        blobs: Annotated[BlobStore, Depends(store_of)], asked: Annotated[_Asked, json_of(_Asked)], nonce: Nonce
    ) -> Response:
        return machine.answer(nonce, {"lacking": [each for each in asked.packet_ids if not blobs.has(each)]})

    @router.patch("/blobs/{store}/{blob_id}")
    def bring(
        store: str,
        blob_id: BlobId,
        blobs: Annotated[BlobStore, Depends(store_of)],
        body: Annotated[bytes, Depends(read_body)],
        upload_offset: Annotated[int, Header(ge=0)],
        upload_complete: Annotated[str, Header(pattern=r"^\?[01]$")],
    ) -> Response:
        reached = blobs.append(blob_id, upload_offset, body) if body else upload_offset
        if upload_complete == "?0":
            return Response(status_code=204, headers={"upload-offset": str(reached)})
        blobs.finish(blob_id)
        return machine.word(f"{store}/{blob_id}")

    @router.post("/take-over")
    def take_over(asked: Annotated[_TakeOver, json_of(_TakeOver)]) -> Any:
        try:
            twin.take_over(**asked.model_dump())
        except (CentreMayRun, TwinIncomplete) as error:
            return _refusal(error)
        return twin.progress.to_json()

    @router.get("/take-over")
    def progress() -> dict[str, Any]:
        return twin.progress.to_json()

    return router


def _refusal(error: RekamError) -> Response:
    """What an official must know before it can be done, as a problem document."""
    return JSONResponse(to_problem(error) | {"status": _NOT_NOW}, status_code=_NOT_NOW, media_type=MEDIA_TYPE)
