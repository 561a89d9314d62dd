"""The office as a station without keys reaches it over HTTP: `HttpRecoveryOffice`."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Final

import httpx

from rekam.exchange.answered import answered
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.machine_trust import machine_trust
from rekam.exchange.recovery import Offer, Progress
from rekam.exchange.recovery_account import Found
from rekam.exchange.signed_http import TIMEOUT, SignedHttp
from rekam.exchange.unreached import NOT_OURS
from rekam.station.store import Identity
from rekam.trust import cbor
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey

__all__ = ["HttpRecoveryOffice"]

_CBOR: Final = {"content-type": "application/cbor"}
_NAME: Final = "Disdukcapil"


class HttpRecoveryOffice:
    """`RecoveryOffice` at `base_url`: in the clear until there is a certificate, then as signed requests."""

    def __init__(self, base_url: str, clock: Clock, client: httpx.Client | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._owned = client is None
        self._client = client or httpx.Client(timeout=TIMEOUT, verify=machine_trust())

    def close(self) -> None:
        """Close the connections, if they are its own."""
        if self._owned:
            self._client.close()

    def ask(self, station: str, committed: bytes) -> Offer:
        """See `RecoveryOffice`."""
        body = cbor.encode({"station": station, "commitment": committed})
        return Offer.from_bytes(self._send("POST", "/recovery/requests", body).content)

    def show(self, request: str, data: bytes) -> None:
        """See `RecoveryOffice`."""
        self._send("PUT", f"/recovery/requests/{request}", data)

    def progress(self, request: str) -> Progress:
        """See `RecoveryOffice`."""
        answer = self._send("GET", f"/recovery/requests/{request}")
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise RemoteUnreachable(place=_NAME, reason=NOT_OURS)
        return Progress.from_map(found)

    def bundle(self, request: str, offset: int) -> bytes:
        """See `RecoveryOffice`."""
        return self._send("GET", f"/recovery/requests/{request}/bundle?offset={offset}").content

    def staff(self, identity: Identity, keys: Mapping[str, VerifyKey]) -> dict[str, tuple[bytes, ...]]:
        """See `RecoveryOffice`."""
        http = self._signed(identity)
        body = cbor.encode({subject: key.to_bytes() for subject, key in keys.items()})
        chains = http.fields(http.send("POST", "/recovery/staff", body, _CBOR))
        return {subject: tuple(b64decode(each) for each in chain) for subject, chain in chains.items()}

    def found(self, identity: Identity, found: Found) -> None:
        """See `RecoveryOffice`."""
        self._signed(identity).send("POST", "/recovery/found", cbor.encode(found.to_map()), _CBOR)

    def _signed(self, identity: Identity) -> SignedHttp:
        return SignedHttp(
            self._base_url,
            place=identity.office_name,
            key=identity.signing,
            chain=identity.chain,
            clock=self._clock,
            client=self._client,
        )

    def _send(self, method: str, path: str, body: bytes = b"") -> httpx.Response:
        return answered(_NAME, lambda: self._client.request(method, self._base_url + path, content=body, headers=_CBOR))
