"""The centre at more than one address: the newest generation that answers is the centre (docs/adr/0033)."""

import threading
from collections.abc import Sequence

import httpx
import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.generation import GENERATION_HEADER, HeldGeneration

__all__ = ["CentreAddresses"]

_log = structlog.get_logger("rekam.exchange")


class CentreAddresses(httpx.BaseTransport):
    """Sends each request to the address that answered last, and to the next one where no centre answers there.

    An answer is believed if it names a generation that is not older than any heard before; each request names the
    newest heard, from which an old centre that comes back learns that it is old. A request that went to two addresses
    is harmless: every request of the exchange may be repeated. Safe for threads.
    """

    def __init__(self, addresses: Sequence[str], held: HeldGeneration, inner: httpx.BaseTransport) -> None:
        self._addresses = tuple(httpx.URL(address) for address in addresses)
        self._held = held
        self._inner = inner
        self._at = 0
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the newest centre; raises `httpx.ConnectError` where there is none at any address."""
        request.read()
        first, failure = self._at, httpx.ConnectError("no centre answers", request=request)
        for step in range(len(self._addresses)):
            at = (first + step) % len(self._addresses)
            try:
                answer = self._inner.handle_request(self._readdressed(request, self._addresses[at]))
            except httpx.TransportError as error:
                failure = httpx.ConnectError(type(error).__name__, request=request)
                continue
            if self._believed(answer):
                if at != first:
                    self._moved(first, at)
                return answer
            answer.close()
        raise failure

    def close(self) -> None:
        self._inner.close()

    def _readdressed(self, request: httpx.Request, address: httpx.URL) -> httpx.Request:
        # method, path and query stay as they were signed; host and port are not part of the signature
        url = request.url.copy_with(scheme=address.scheme, host=address.host, port=address.port)
        headers = httpx.Headers(request.headers)
        headers["host"] = address.netloc.decode("ascii")
        if newest := self._held.newest():
            headers[GENERATION_HEADER] = newest
        return httpx.Request(
            request.method, url, headers=headers, content=request.content, extensions=request.extensions
        )

    def _believed(self, answer: httpx.Response) -> bool:
        told = answer.headers.get(GENERATION_HEADER)
        if told is None:
            return len(self._addresses) == 1  # with one address there is nobody to confuse it with
        try:
            with self._lock:
                self._held.heard(told)
        except RekamError as error:
            _log.error("a centre was not believed", reason=error.code, told=str(error))
            return False
        return True

    def _moved(self, first: int, at: int) -> None:
        with self._lock:
            if self._at == first:
                self._at = at
                _log.warning("the centre is followed to its other address", address=str(self._addresses[at]))
