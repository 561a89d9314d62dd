"""The public log of a centre over HTTP, for whoever checks it: `HttpLog`."""

import json

import httpx

from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.log import NoSuchTile
from rekam.exchange.machine_trust import machine_trust
from rekam.exchange.published_witnesses import PublishedWitness, parse_published
from rekam.exchange.signed_http import TIMEOUT
from rekam.exchange.unreached import NOT_OURS, why_unreached
from rekam.trust.log.note import Note, NoteUnreadable
from rekam.trust.log.tiles import Tile

__all__ = ["HttpLog"]

_LARGEST = 1 << 16
"""Bytes: a tile has 8,192, a bundle of commitments 8,704, a checkpoint with every signature it may carry some 9,000."""
_LARGEST_LIST = 1 << 22
"""Bytes: 514 offices with a note and a certificate each are some 600,000."""


class HttpLog:
    """`LogSource` below `base_url` (``https://centre.example``), which errors call `place`. Requests are not signed:
    the log is open to everybody, and nobody is told who reads it.

    Give a `client` to share connections or to set proxies and roots of TLS; it is closed by its owner.
    """

    def __init__(self, base_url: str, *, place: str, client: httpx.Client | None = None) -> None:
        self._url = base_url.rstrip("/") + "/log/"
        self._place = place
        self._owned = client is None
        self._client = client or httpx.Client(timeout=TIMEOUT, verify=machine_trust())

    def close(self) -> None:
        """Close the connections, if they are its own."""
        if self._owned:
            self._client.close()

    def checkpoint(self) -> Note:
        """See `LogSource`. Raises `RemoteUnreachable`."""
        try:
            return Note.parse(self.get("checkpoint", "text/plain; charset=utf-8").decode())
        except (NoteUnreadable, UnicodeDecodeError) as error:
            raise self._not_ours() from error

    def tile(self, tile: Tile) -> bytes:
        """See `LogSource`. Raises `RemoteUnreachable`."""
        return self.get(tile.path, "application/octet-stream")

    def witnesses(self) -> list[PublishedWitness]:
        """See `WitnessList`. Raises `RemoteUnreachable`."""
        try:
            return parse_published(json.loads(self.get("witnesses", "application/json", limit=_LARGEST_LIST)))
        except (ValueError, NoSuchTile) as error:
            raise self._not_ours() from error

    def get(self, path: str, media_type: str, *, limit: int = _LARGEST) -> bytes:
        """Whatever lies below the log's prefix, at most `limit` bytes. Raises `RemoteUnreachable`, `NoSuchTile`."""
        try:
            answer = self._client.get(self._url + path)
        except httpx.TransportError as error:
            raise RemoteUnreachable(place=self._place, reason=why_unreached(error)) from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise NoSuchTile(path)
        if not answer.is_success:
            raise RemoteUnreachable(place=self._place, reason=f"HTTP {answer.status_code}")
        if answer.headers.get("content-type") != media_type or len(answer.content) > limit:
            raise self._not_ours()
        return answer.content

    def _not_ours(self) -> RemoteUnreachable:
        return RemoteUnreachable(place=self._place, reason=NOT_OURS)
