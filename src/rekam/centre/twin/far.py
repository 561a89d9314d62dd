"""The other machine of the centre over HTTP: `FarTwin` as the centre sees its twin, `FarCentre` the other way round."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import httpx

from rekam.centre.twin.word import NONCE_HEADER, WORD_HEADER, Word, WordUnreadable, says_of
from rekam.exchange.bodies import BODY_LIMIT, COSE
from rekam.exchange.inbox import CertificateChain
from rekam.exchange.machine_trust import machine_trust
from rekam.exchange.signed_http import SignedHttp
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import OffsetMismatch
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.random import Random, SystemRandom

__all__ = ["Bond", "FarCentre", "FarTwin", "Joined"]

_TIMEOUT: Final = httpx.Timeout(connect=2.0, read=10.0, write=10.0, pool=10.0)
_RESUMES: Final = 4


@dataclass(frozen=True)
class Bond:
    """What both machines of the pair hold: the centre's key and certificates. `client` is shared by all requests."""

    key: SigningKey
    chain: CertificateChain
    clock: Clock
    random: Random
    client: httpx.Client

    @classmethod
    def of(cls, key: SigningKey, chain: CertificateChain, clock: Clock, random: Random | None = None) -> "Bond":
        """With connections of its own."""
        return cls(key, chain, clock, random or SystemRandom(), httpx.Client(timeout=_TIMEOUT, verify=machine_trust()))

    def to(self, url: str, place: str) -> SignedHttp:
        """The other machine at `url`."""
        return SignedHttp(
            url, place=place, key=self.key, chain=self.chain, clock=self.clock, random=self.random, client=self.client
        )


class _Far:
    def __init__(self, url: str, place: str, bond: Bond) -> None:
        self._bond = bond
        self._http = bond.to(url, place)

    def hello(self) -> Word:
        """Who answers there now. Raises `RemoteUnreachable`, `WordUnreadable`."""
        nonce = self._bond.random.bytes(16).hex()
        return self._word(self._http.send("POST", "/twin/hello", nonce.encode()), nonce)

    def _fields(self, path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """The fields of an answer that the other machine signed for this question: what it says it has, or where its
        log ends, decides what this one may tell. Raises `WordUnreadable`.
        """
        nonce = self._bond.random.bytes(16).hex()
        answer = self._http.send("POST", path, body, {**headers, NONCE_HEADER: nonce})
        try:
            told = b64decode(answer.headers.get(WORD_HEADER, ""), validate=True)
        except ValueError as error:
            raise WordUnreadable(reason="base64") from error
        if Word.heard(told, self._bond.key.public).says != says_of(nonce, answer.content):
            raise WordUnreadable(reason="an answer to another question")
        return self._http.fields(answer)

    def _word(self, answer: httpx.Response, says: str) -> Word:
        word = Word.heard(self._http.content(answer, COSE), self._bond.key.public)
        if word.says != says:
            raise WordUnreadable(reason="an answer to another question")
        return word


class FarTwin(_Far):
    """The twin, to which finished blobs are brought."""

    def __init__(self, url: str, bond: Bond) -> None:
        super().__init__(url, "Kembaran pusat", bond)

    def bring(self, store: str, blobs: BlobStore, blob_id: str) -> Word:
        """Hand over one blob; its signed word that the blob is durable there. Raises what `SignedHttp` raises."""
        offset = 0
        for _ in range(_RESUMES):
            with suppress(_Elsewhere):
                return self._bring_from(store, blobs, blob_id, offset)
            offset = self._reached
        raise WordUnreadable(reason="offsets that never meet")

    def lacking(self, store: str, blob_ids: Sequence[str]) -> list[str]:
        """Those of `blob_ids`, at most 1,000, that are not there."""
        body = json.dumps({"packet_ids": list(blob_ids)}).encode()
        told = self._fields(f"/twin/lacking/{store}", body, {"content-type": "application/json"})
        return [str(blob_id) for blob_id in told["lacking"]]

    def _bring_from(self, store: str, blobs: BlobStore, blob_id: str, offset: int) -> Word:
        size = blobs.size(blob_id)
        with blobs.open(blob_id) as file:
            file.seek(offset)
            while True:
                piece = file.read(BODY_LIMIT)
                last = offset + len(piece) >= size
                answer = self._send_piece(store, blob_id, offset, piece, last=last)
                if last:
                    return self._word(answer, f"{store}/{blob_id}")
                offset += len(piece)

    def _send_piece(self, store: str, blob_id: str, offset: int, piece: bytes, *, last: bool) -> httpx.Response:
        headers = {"upload-offset": str(offset), "upload-complete": "?1" if last else "?0"}
        try:
            return self._http.send("PATCH", f"/twin/blobs/{store}/{blob_id}", piece, headers)
        except OffsetMismatch as elsewhere:
            self._reached = int(elsewhere.facts["expected"])
            raise _Elsewhere from elsewhere


class _Elsewhere(Exception):
    """The twin holds more or fewer bytes than was thought."""


@dataclass(frozen=True)
class Joined:
    """What the centre tells a twin that joins: where its database is copied from, which cluster and history it is,
    whether the twin's slot still keeps all that the twin has not taken, and the small files of its folder by name.
    """

    host: str
    port: int
    system: str
    generation: int
    kept: bool
    files: dict[str, bytes]


class FarCentre(_Far):
    """The centre as its twin sees it."""

    def __init__(self, url: str, bond: Bond) -> None:
        super().__init__(url, "Pusat Data Kependudukan", bond)

    def join(self, own_url: str, *, has_copy_of: str) -> Joined:
        """Become the centre's twin, reachable at `own_url`. `has_copy_of`: what was copied before, or empty."""
        body = json.dumps({"url": own_url, "has_copy_of": has_copy_of}).encode()
        told = self._fields("/twin/join", body, {"content-type": "application/json"})
        files = {str(name): bytes.fromhex(text) for name, text in told["files"].items()}
        return Joined(
            told["host"], int(told["port"]), told["system"], int(told["generation"]), bool(told["kept"]), files
        )

    def fence(self, generation: str, wait: Callable[[int], None]) -> None:
        """Tell the centre that `generation` takes over. It writes no more; `wait` is told where its log ends."""
        wait(int(self._fields("/twin/fence", b"", {"rekam-generation": generation})["ends"]))
