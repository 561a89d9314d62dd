"""A bundle opened for reading: its verified manifest, and each content believed only by its own digest: `Bundle`."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rekam.exchange.courier.errors import (
    AnswerInstead,
    BundleUnreadable,
    ItemDamaged,
    ItemTorn,
    ItemUnreadable,
    NotABundleFile,
    PacketsInstead,
    StickGone,
)
from rekam.exchange.courier.frame import TRAILER_BYTES, Head, read_head, trailer_bytes
from rekam.exchange.courier.manifest import Item, Manifest, Purpose
from rekam.exchange.courier.stick import Stick, stick_told
from rekam.trust import cbor
from rekam.trust.keys import VerifyKey

__all__ = ["Bundle", "Ending"]

CHUNK: Final = 1 << 20
_IN_MEMORY: Final = 64 << 20

Ending = str
"""How the file ends: "whole", "torn" (too early, or without its trailer) or "more" (bytes nobody signed follow)."""


class Bundle:
    """The file `path` on `stick`, whose manifest was written and signed by a place under `root`.

    Raises what `read_head` raises, `NotABundleFile` and `StickGone`; the contents are not read yet.
    """

    def __init__(self, stick: Stick, path: Path, root: VerifyKey) -> None:
        self.path = path
        self._stick = stick
        try:
            with stick_told(path), stick.open_read(path) as file:
                self.head: Head = read_head(file, root, path.name)
        except StickGone as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise NotABundleFile(path=path) from error
            raise
        with stick_told(path):
            self.size = stick.size(path) or 0

    @property
    def manifest(self) -> Manifest:
        """What the writer signed."""
        return self.head.manifest

    def require(self, purpose: Purpose) -> None:
        """Raises `AnswerInstead` or `PacketsInstead`."""
        if self.manifest.purpose != purpose:
            raise (AnswerInstead if purpose == "out" else PacketsInstead)(path=self.path.name)

    def ending(self) -> Ending:
        """Whether the file ends where, and as, its writer ended it."""
        expected = trailer_bytes(self.head.raw, self.manifest.contents)
        with stick_told(self.path), self._stick.open_read(self.path) as file:
            file.seek(self.head.length - TRAILER_BYTES)
            found = file.read(TRAILER_BYTES)
        if found != expected:
            return "torn"
        return "whole" if self.size == self.head.length else "more"

    def chunks(self, item: Item, offset: int = 0, *, fresh: bool = False) -> Iterator[bytes]:
        """The item's bytes from `offset` on, unverified, in pieces. Raises `ItemTorn`, `ItemUnreadable`.

        `fresh` reads from the medium, past the system's cache.
        """
        start = len(self.head.raw) + item.offset
        if start + item.size > self.size:
            raise ItemTorn(name=_named(item))
        left = max(0, item.size - offset)  # more than it has may lie there already: somebody sent other bytes
        try:
            with self._stick.open_fresh(self.path) if fresh else self._stick.open_read(self.path) as file:
                file.seek(start + offset)
                while left and (chunk := file.read(min(CHUNK, left))):
                    left -= len(chunk)
                    yield chunk
        except OSError as error:
            raise ItemUnreadable(name=_named(item), reason=error.strerror or type(error).__name__) from error
        if left:
            raise ItemTorn(name=_named(item))

    def verify(self, item: Item, *, fresh: bool = False) -> None:
        """Raises `ItemDamaged`, `ItemTorn` or `ItemUnreadable` unless the item is what the manifest says."""
        digest = hashlib.sha256()
        for chunk in self.chunks(item, fresh=fresh):
            digest.update(chunk)
        if digest.hexdigest() != item.sha256:
            raise ItemDamaged(name=_named(item))

    def read(self, item: Item) -> bytes:
        """The whole content of a small item, verified."""
        if item.size > _IN_MEMORY:
            raise ItemDamaged(name=_named(item))
        data = b"".join(self.chunks(item))
        if hashlib.sha256(data).hexdigest() != item.sha256:
            raise ItemDamaged(name=_named(item))
        return data

    def decoded(self, item: Item) -> Any:
        """The same of an item that is CBOR. Raises `BundleUnreadable`, too."""
        try:
            return cbor.decode(self.read(item))
        except cbor.CborUnreadable as unreadable:
            raise BundleUnreadable(path=self.path.name, **unreadable.facts) from None


def _named(item: Item) -> str:
    return item.note if item.kind == "packet" else f"{item.kind} {item.note}"
