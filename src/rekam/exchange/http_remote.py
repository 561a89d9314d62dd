"""A place reached over HTTP: every request signed by this place's key, every answer believed only by its content."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence

import httpx

from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.http import COSE, STATION_CHAIN_HEADER
from rekam.exchange.inbox import CertificateChain
from rekam.exchange.problem import from_problem
from rekam.trust.certificates import chain_to_bytes
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.random import Random, SystemRandom
from rekam.trust.requests import sign_request

__all__ = ["TIMEOUT", "HttpRemote"]

TIMEOUT = httpx.Timeout(connect=5.0, read=60.0, write=60.0, pool=60.0)
"""Seconds; reading waits for the far end's fsync of a whole packet, writing for one piece on a slow line."""


class HttpRemote:
    """`Remote` at `base_url` (``https://custody.example/``), which is called `place` when it cannot be reached.

    `key` and `chain` are this place's own. Give a `client` to share connections or to set proxies and roots of TLS;
    it is closed by its owner, one made here by `close`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        place: str,
        key: SigningKey,
        chain: CertificateChain,
        clock: Clock,
        random: Random | None = None,
        client: httpx.Client | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._place = place
        self._key = key
        self._chain = chain
        self._clock = clock
        self._random = random or SystemRandom()
        self._owned = client is None
        self._client = client or httpx.Client(timeout=TIMEOUT)

    def close(self) -> None:
        """Close the connections, if they are its own."""
        if self._owned:
            self._client.close()

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]:
        """What the place lacks."""
        answer = self._post("/exchange/lacking", packet_ids)
        return {str(packet_id): int(offset) for packet_id, offset in answer.items()}

    def offset(self, packet_id: str) -> int:
        """How much of the packet the place has, in bytes."""
        return self._upload_offset(self._send("HEAD", f"/exchange/packets/{packet_id}"))

    def append(self, packet_id: str, offset: int, data: bytes) -> int:
        """Send one piece."""
        return self._upload_offset(self._patch(packet_id, offset, data, complete=False))

    def complete(self, packet_id: str, chain: Sequence[bytes]) -> bytes:
        """Ask for the receipt."""
        certificates = {STATION_CHAIN_HEADER: b64encode(chain_to_bytes(chain)).decode()}
        return self._signed(self._patch(packet_id, 0, b"", complete=True, headers=certificates))

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """The receipts that the place gave."""
        answer = self._post("/exchange/receipts", packet_ids)
        return {str(packet_id): b64decode(receipt) for packet_id, receipt in answer.items()}

    def feed_after(self, feed: str, n: int) -> bytes | None:
        """The next batch of a feed."""
        answer = self._send("GET", f"/exchange/feed/{feed}?after={n}")
        return None if answer.status_code == httpx.codes.NO_CONTENT else self._signed(answer)

    def _post(self, path: str, packet_ids: Sequence[str]) -> Mapping[str, str]:
        body = httpx.Request("POST", self._base_url, json={"packet_ids": list(packet_ids)}).read()
        answer = self._send("POST", path, body, {"content-type": "application/json"})
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self._not_ours()
        return found

    def _patch(
        self, packet_id: str, offset: int, data: bytes, *, complete: bool, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        upload = {
            "content-type": "application/partial-upload",
            "upload-offset": str(offset),
            "upload-complete": "?1" if complete else "?0",
        }
        return self._send("PATCH", f"/exchange/packets/{packet_id}", data, {**upload, **(headers or {})})

    def _upload_offset(self, answer: httpx.Response) -> int:
        offset = answer.headers.get("upload-offset", "")
        if not offset.isdecimal():
            raise self._not_ours()
        return int(offset)

    def _signed(self, answer: httpx.Response) -> bytes:
        if answer.headers.get("content-type") != COSE:
            raise self._not_ours()
        return answer.content

    def _not_ours(self) -> RemoteUnreachable:
        # A log-in page of the hotel's network must not pass for a bad receipt.
        return RemoteUnreachable(place=self._place, reason="another server answered")

    def _send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        url = self._base_url + path
        signed = sign_request(
            method, url, body, key=self._key, chain=self._chain, clock=self._clock, random=self._random
        )
        try:
            answer = self._client.request(method, url, content=body, headers={**(headers or {}), **signed})
        except httpx.TransportError as error:
            raise RemoteUnreachable(place=self._place, reason=type(error).__name__) from error
        if answer.is_success:
            return answer
        try:
            problem = answer.json()
        except ValueError:
            problem = None
        raise from_problem(self._place, answer.status_code, problem)
