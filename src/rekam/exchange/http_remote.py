"""A place reached over HTTP: every request signed by this place's key, every answer believed only by its content."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from rekam.exchange import zstd
from rekam.exchange.feed import BATCH_LIMIT
from rekam.exchange.http import PIECE, STATION_CHAIN_HEADER
from rekam.exchange.http_serving import COSE
from rekam.exchange.inbox import CertificateChain
from rekam.exchange.signed_http import SignedHttp
from rekam.trust.certificates import chain_to_bytes
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.random import Random
from rekam.trust.roll_call import ids_to_bytes

__all__ = ["HttpRemote"]


class HttpRemote:
    """`Remote` at `base_url`; the arguments are those of `SignedHttp`."""

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
        self._http = SignedHttp(base_url, place=place, key=key, chain=chain, clock=clock, random=random, client=client)

    def close(self) -> None:
        """Close the connections, if they are its own."""
        self._http.close()

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]:
        """What the place lacks."""
        answer = self._post("/exchange/lacking", packet_ids)
        return {packet_id: int(offset) for packet_id, offset in answer.items()}

    def offset(self, packet_id: str) -> int:
        """How much of the packet the place has, in bytes."""
        return self._upload_offset(self._http.send("HEAD", f"/exchange/packets/{packet_id}"))

    def append(self, packet_id: str, offset: int, data: bytes) -> int:
        """Send one piece."""
        return self._upload_offset(self._patch(packet_id, offset, data, complete=False))

    def complete(self, packet_id: str, chain: Sequence[bytes], offset: int = 0, tail: bytes = b"") -> bytes:
        """Ask for the receipt, the last piece in the same request."""
        certificates = {STATION_CHAIN_HEADER: b64encode(chain_to_bytes(chain)).decode()}
        return self._http.content(self._patch(packet_id, offset, tail, complete=True, headers=certificates), COSE)

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]:
        """The receipts that the place gave."""
        answer = self._post("/exchange/receipts", packet_ids)
        return {packet_id: b64decode(receipt) for packet_id, receipt in answer.items()}

    def roll_call(self, packet_ids: Sequence[str]) -> bytes:
        """The place's signed answer."""
        asked = {"content-type": "application/octet-stream"}
        return self._http.content(self._http.send("POST", "/exchange/roll-call", ids_to_bytes(packet_ids), asked), COSE)

    def feed_after(self, feed: str, n: int) -> bytes | None:
        """The next batch of a feed."""
        wished = {"accept": f"{COSE}, {zstd.MEDIA_TYPE}"}
        answer = self._http.send("GET", f"/exchange/feed/{feed}?after={n}", headers=wished)
        if answer.status_code == httpx.codes.NO_CONTENT:
            return None
        if answer.headers.get("content-type") == zstd.MEDIA_TYPE:
            return zstd.unpack(answer.content, BATCH_LIMIT)
        return self._http.content(answer, COSE)

    def part(self, part_id: str, offset: int) -> bytes:
        """The next piece of a part."""
        return self._http.content(self._http.send("GET", f"/exchange/parts/{part_id}?offset={offset}"), PIECE)

    def _post(self, path: str, packet_ids: Sequence[str]) -> dict[str, Any]:
        body = httpx.Request("POST", "http://-", json={"packet_ids": list(packet_ids)}).read()
        return self._http.fields(self._http.send("POST", path, body, {"content-type": "application/json"}))

    def _patch(
        self, packet_id: str, offset: int, data: bytes, *, complete: bool, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        upload = {
            "content-type": "application/partial-upload",
            "upload-offset": str(offset),
            "upload-complete": "?1" if complete else "?0",
        }
        return self._http.send("PATCH", f"/exchange/packets/{packet_id}", data, {**upload, **(headers or {})})

    def _upload_offset(self, answer: httpx.Response) -> int:
        offset = answer.headers.get("upload-offset", "")
        if not offset.isdecimal():
            raise self._http.not_ours()
        return int(offset)
