"""Nothing leaves the centre that only one of its machines has, and each answer says whose it is: `Gate`."""

import json
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rekam.centre.twin.pairing import Pairing
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteBusy
from rekam.exchange.generation import GENERATION_HEADER, Generation
from rekam.exchange.problem import MEDIA_TYPE, to_problem
from rekam.storage.errors import MirrorAway
from rekam.trust.keys import SigningKey

__all__ = ["Gate"]

_GUARDED: Final = ("/exchange/", "/log/")
_BY_HAND: Final = ("/courier", "/api/courier")
"""What leaves on a stick: written only while the twin is there, so that each commit waits for it."""
_RECOLLECTING: Final = "/exchange/recollection"
_RETRY_S: Final = 10


class Gate:
    """ASGI middleware of the centre, around all that other places ask for.

    An answer is held back until the twin has what it tells; where the twin is away, the asker is told to wait, and no
    receipt, batch or checkpoint has left. An asker that knows of a newer generation makes this centre fence itself
    (`superseded`) instead of answering.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        pairing: Pairing,
        generation: Generation,
        key: SigningKey,
        superseded: Callable[[Generation], object],
    ) -> None:
        self._app = app
        self._pairing = pairing
        self._generation = generation
        self._key = key
        self._superseded = superseded
        self._signed = generation.signed(key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_GUARDED):
            if scope["type"] == "http" and scope["path"].startswith(_BY_HAND) and scope["method"] != "GET":
                await run_in_threadpool(self._pairing.settle)
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(_RECOLLECTING):
            await self._app(scope, receive, self._named(send))
            return
        if (await run_in_threadpool(self._pairing.standing)).recollecting:
            # nothing may even be noted before the log and the feeds are where they once were
            await _busy(send, [(GENERATION_HEADER.encode(), self._signed.encode())])
            return
        if (newer := self._newer(scope)) is not None:
            await run_in_threadpool(self._superseded, newer)
            await _busy(send, [])
            return
        refused = False

        async def held_back(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[GENERATION_HEADER] = self._signed
                try:
                    await run_in_threadpool(self._pairing.settle)
                except MirrorAway:
                    refused = True
                    await _busy(send, [(GENERATION_HEADER.encode(), self._signed.encode())])
            if not refused:
                await send(message)

        await self._app(scope, receive, held_back)

    def _named(self, send: Send) -> Send:
        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[GENERATION_HEADER] = self._signed
            await send(message)

        return named

    def _newer(self, scope: Scope) -> Generation | None:
        told = Headers(scope=scope).get(GENERATION_HEADER)
        if told is None or told == self._signed:
            return None
        try:
            heard = Generation.opened(told, self._key.public)
        except RekamError:
            return None
        return heard if heard.number > self._generation.number else None


async def _busy(send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    problem = to_problem(RemoteBusy(place="Pusat Data Kependudukan", retry_after_s=_RETRY_S))
    start = [(b"content-type", MEDIA_TYPE.encode()), (b"retry-after", str(_RETRY_S).encode()), *headers]
    await send({"type": "http.response.start", "status": problem["status"], "headers": start})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})
