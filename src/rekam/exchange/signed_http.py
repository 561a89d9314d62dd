"""Requests to another place over HTTP: every one signed by this place's key, every failure one of our errors."""

from collections.abc import Mapping
from typing import Any

import httpx

from rekam.exchange.answered import answered
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.inbox import CertificateChain
from rekam.exchange.machine_trust import machine_trust
from rekam.exchange.unreached import NOT_OURS
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.random import Random, SystemRandom
from rekam.trust.requests import sign_request

__all__ = ["TIMEOUT", "SignedHttp"]

TIMEOUT = httpx.Timeout(connect=5.0, read=60.0, write=60.0, pool=60.0)
"""Seconds; reading waits for the far end's fsync of a whole packet, writing for one piece on a slow line."""


class SignedHttp:
    """The place at `base_url` (``https://custody.example/``), which errors call `place`.

    `key` and `chain` are this place's own. Give a `client` to share connections or to set proxies and roots of TLS;
    it is closed by its owner, one made here by `close`. Safe for threads.
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
        self._client = client or httpx.Client(timeout=TIMEOUT, verify=machine_trust())

    def close(self) -> None:
        """Close the connections, if they are its own."""
        if self._owned:
            self._client.close()

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The answer to one signed request, its status 2xx. `path` with its query, from the root: ``/exchange/...``.

        Raises `RemoteUnreachable` where no place of ours answered, else the error that the place told.
        """
        url = self._base_url + path
        signed = sign_request(
            method, url, body, key=self._key, chain=self._chain, clock=self._clock, random=self._random
        )
        # httpx unpacks a content coding without any bound; what is packed, its reader unpacks within one
        sent = {"accept-encoding": "identity", **(headers or {}), **signed}
        return answered(self._place, lambda: self._client.request(method, url, content=body, headers=sent))

    def fields(self, answer: httpx.Response) -> dict[str, Any]:
        """The JSON object of an answer. Raises `RemoteUnreachable` when it is none."""
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self.not_ours()
        return found

    def content(self, answer: httpx.Response, media_type: str) -> bytes:
        """The body of an answer. Raises `RemoteUnreachable` when it is of another type."""
        if answer.headers.get("content-type") != media_type:
            raise self.not_ours()
        return answer.content

    def not_ours(self) -> RemoteUnreachable:
        """To be raised for a success that no place of ours gave: a log-in page of the hotel's network is no receipt."""
        return RemoteUnreachable(place=self._place, reason=NOT_OURS)
