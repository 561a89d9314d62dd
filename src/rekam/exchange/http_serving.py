"""What every endpoint between places shares: who signed the request, its body within bounds, refusals in words."""

import hashlib
import threading
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from weakref import WeakSet

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from rekam.enrolment.errors import RekamError
from rekam.exchange.bodies import BODY_LIMIT, COSE, LONG_LIMIT
from rekam.exchange.errors import ChunkTooLarge, RemoteBusy, RemoteFull, RequestMalformed
from rekam.exchange.problem import MEDIA_TYPE, to_problem
from rekam.storage.errors import DiskFull, DiskReserveReached, MirrorAway
from rekam.storage.hashed import Hashed
from rekam.trust.keys import VerifyKey
from rekam.trust.requests import ReplayGuard, SignedRequest, verify_head

__all__ = [
    "BODY_LIMIT",
    "COSE",
    "LONG",
    "Authenticator",
    "bare",
    "json_of",
    "problem_route",
    "read_body",
    "read_hashed",
]

_DATABASE_AWAY_S = 5

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_bare: WeakSet[Handler] = WeakSet()


async def read_body(request: Request) -> bytes:
    """The request's body, read up to `BODY_LIMIT`, on routes marked `LONG` up to `LONG_LIMIT`, and no further.

    On routes with an `Authenticator` it was read already, after its sender was known. Raises `ChunkTooLarge`.
    """
    return (await read_hashed(request)).data


async def read_hashed(request: Request) -> Hashed:
    """`read_body`, with its SHA-256."""
    body: Hashed | None = getattr(request.state, "body", None)
    if body is None:
        body = request.state.body = await _read(request, _limit(request))
    return body


async def _read(request: Request, limit: int) -> Hashed:
    """Hashed piece by piece as they come, a tenth of a millisecond each: a change of threads would cost more."""
    pieces: list[bytes] = []
    digest = hashlib.sha256()
    left = limit
    async for piece in request.stream():
        left -= len(piece)
        if left < 0:
            raise ChunkTooLarge(limit=limit)
        digest.update(piece)
        pieces.append(piece)
    return Hashed(b"".join(pieces), digest.hexdigest())


def json_of(model: type[BaseModel]) -> Any:
    """A dependency: the body as `model`. FastAPI's own JSON bodies are read before any dependency is asked, so before
    it is known who sends them, and without a limit.
    """

    async def parsed(body: Annotated[bytes, Depends(read_body)]) -> BaseModel:
        try:
            return model.model_validate_json(body)
        except ValidationError:
            raise RequestValidationError([]) from None

    return Depends(parsed)


def _limit(request: Request) -> int:
    return LONG_LIMIT if getattr(request.state, "long", False) else BODY_LIMIT


def _long(request: Request) -> None:
    request.state.long = True


LONG = Depends(_long)
"""For ``dependencies=[LONG]`` of a route: FastAPI asks these before the route's own."""


class Authenticator:
    """A dependency, ``Annotated[SignedRequest, Depends(authenticator)]``: the verified signer of the request.

    First what the headers alone prove: the signer's certificates lead to `root`, each signature is accepted once (RFC
    9421), `still` refuses those whose key was withdrawn (`rekam.exchange.admission.refuse_withdrawn`) or who have no
    business here. Only then is the body read, as long as was signed, and held against its digest: whoever has no
    certificate costs no more than some headers. Raises `RequestUnsigned`, `RequestAltered`, `RequestReplayed`,
    `ChunkTooLarge` or what `verify_chain` raises. Routes of `problem_route` tell them as 401, 403, 413. Who of those
    with a certificate may do what, the endpoint asks itself (`rekam.exchange.admission`).
    """

    def __init__(self, root: VerifyKey, still: Callable[[SignedRequest], None] = lambda _request: None) -> None:
        self._root = root
        self._still = still
        self._guard = ReplayGuard()
        self._lock = threading.Lock()

    async def __call__(self, request: Request) -> SignedRequest:
        signed = await run_in_threadpool(self._known, request)
        if signed.length > _limit(request):
            raise ChunkTooLarge(limit=_limit(request))
        body = await read_hashed(request)
        signed.check_hashed(len(body.data), bytes.fromhex(body.sha256))
        return signed

    def _known(self, request: Request) -> SignedRequest:
        raw_path = request.scope.get("raw_path") or request.url.path.encode()
        target = f"{raw_path.decode('ascii')}?{request.scope['query_string'].decode('ascii')}"
        signed = verify_head(request.method, target, request.headers, root=self._root)
        with self._lock:
            self._guard.check(signed)
        self._still(signed)
        return signed


def bare(endpoint: Handler) -> Handler:
    """An endpoint of `problem_route` that reads everything from its request itself. FastAPI's way to parameters costs
    more than the signatures of a packet; where thousands come, that counts.
    """
    _bare.add(endpoint)
    return endpoint


def problem_route(place: str) -> type[APIRoute]:
    """For ``APIRouter(route_class=problem_route(place))``: errors leave as problem documents (RFC 9457).

    A full disk answers 507; pressure, an absent database or an absent twin 503 with Retry-After.
    """

    class ProblemRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = self.endpoint if self.endpoint in _bare else super().get_route_handler()

            async def handle_and_tell(request: Request) -> Response:
                try:
                    return await handle(request)
                except (DiskFull, DiskReserveReached):
                    return _problem(RemoteFull(place=place))
                except _something_away():
                    return _problem(RemoteBusy(place=place, retry_after_s=_DATABASE_AWAY_S))
                except RequestValidationError:
                    return _problem(RequestMalformed(place=place))
                except RekamError as error:
                    return _problem(error)

            return handle_and_tell

    return ProblemRoute


def _something_away() -> tuple[type[Exception], ...]:
    """Asked once something failed: a station, which serves none of these routes, never loads the database's client."""
    from psycopg import OperationalError
    from psycopg_pool import PoolTimeout

    return OperationalError, PoolTimeout, MirrorAway


def _problem(error: RekamError) -> Response:
    problem = to_problem(error)
    headers = {"retry-after": str(error.facts["retry_after_s"])} if isinstance(error, RemoteBusy) else {}
    return JSONResponse(problem, status_code=problem["status"], headers=headers, media_type=MEDIA_TYPE)
