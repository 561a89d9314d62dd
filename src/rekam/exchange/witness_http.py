"""Cosignatures over HTTP: the centre's routes below `/log`, and an office's way to them: `HttpCosignatures`."""

from base64 import b64decode, b64encode
from http.client import NO_CONTENT
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from rekam.exchange.cosignatures import CosignatureBook, CosignatureDesk
from rekam.exchange.errors import CosignatureRefused
from rekam.exchange.http_serving import Authenticator, problem_route, read_body
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.certificates import chain_from_bytes, chain_to_bytes
from rekam.trust.keys import VerifyKey
from rekam.trust.log.note import Note, NoteUnreadable
from rekam.trust.requests import CHAIN_HEADER, SignedRequest

__all__ = ["HttpCosignatures", "published_lines", "witness_router"]

_NOTE = "text/plain; charset=utf-8"


def witness_router(desk: CosignatureDesk, book: CosignatureBook, *, place: str, root: VerifyKey) -> APIRouter:
    """`POST /log/cosignature`: a checkpoint note with the office's line, signed by the office (RFC 9421).

    `GET /log/cosignature`: the newest of these that the log took from the office that signs the request, or 204.

    `GET /log/witnesses`: each office's newest note with its certificate, for everybody.
    """
    router = APIRouter(prefix="/log", route_class=problem_route(place))
    authenticate = Authenticator(root)

    @router.post("/cosignature", status_code=204)
    def cosignature(
        request: Request,
        signed: Annotated[SignedRequest, Depends(authenticate)],
        body: Annotated[bytes, Depends(read_body)],
    ) -> None:
        try:
            note = Note.parse(body.decode())
        except (NoteUnreadable, UnicodeDecodeError) as error:
            raise CosignatureRefused(reason="it cannot be read") from error
        desk.take(note, signed.signer, chain_from_bytes(b64decode(request.headers[CHAIN_HEADER])))

    @router.get("/cosignature")
    def own(signed: Annotated[SignedRequest, Depends(authenticate)]) -> Response:
        note = desk.newest_of(signed.signer)
        if note is None:
            return Response(status_code=204)
        return Response(str(note), media_type=_NOTE, headers={"cache-control": "no-store"})

    @router.get("/witnesses")
    def witnesses() -> list[dict[str, Any]]:
        return published_lines(book)

    return router


def published_lines(book: CosignatureBook) -> list[dict[str, Any]]:
    """The list of witnesses as it is published; `parse_published` reads it."""
    return [
        {
            "office": each.office,
            "name": each.name,
            "size": each.size,
            "note": str(each.note),
            "chain": b64encode(chain_to_bytes(each.chain)).decode(),
        }
        for each in book.newest()
    ]


class HttpCosignatures:
    """`CosignatureTaker` at the centre, over this place's signed requests."""

    def __init__(self, http: SignedHttp) -> None:
        self._http = http

    def take(self, note: Note) -> None:
        """See `CosignatureTaker`."""
        self._http.send("POST", "/log/cosignature", str(note).encode(), {"content-type": _NOTE})

    def newest(self) -> Note | None:
        """See `CosignatureTaker`."""
        answer = self._http.send("GET", "/log/cosignature")
        if answer.status_code == NO_CONTENT:
            return None
        try:
            return Note.parse(self._http.content(answer, _NOTE).decode())
        except (NoteUnreadable, UnicodeDecodeError) as error:
            raise self._http.not_ours() from error
