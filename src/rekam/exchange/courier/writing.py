"""Writing one bundle: temporary name, fsync, read back from the medium, rename; taken up again after any cut."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.courier.bundle import CHUNK, Bundle
from rekam.exchange.courier.errors import CopyDamaged
from rekam.exchange.courier.frame import TRAILER_BYTES, head_bytes, trailer_bytes
from rekam.exchange.courier.manifest import Item, Manifest
from rekam.exchange.courier.stick import Stick, stick_told
from rekam.storage.disk import Writer
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["PART", "Content", "Told", "of_bytes", "write_bundle"]

PART: Final = ".part"
SYNC_BYTES: Final = 16 << 20
"""So much at most is lost when the stick is pulled out."""

Told = Callable[[str, int, int], object]
"""Progress: what is done ("check", "copy", "verify", "read"), bytes done, bytes in all."""


@dataclass(frozen=True)
class Content:
    """The bytes of one item, from an offset on, as often as asked."""

    item: Item
    chunks: Callable[[int], Iterator[bytes]]


def of_bytes(kind: str, data: bytes, note: str) -> Content:
    """A content that is in memory."""
    item = Item(kind, hashlib.sha256(data).hexdigest(), 0, len(data), note)
    return Content(item, lambda offset: iter((data[offset:],)))


def write_bundle(
    stick: Stick,
    folder: Path,
    manifest: Manifest,
    contents: Sequence[Content],
    signer: SigningKey,
    root: VerifyKey,
    *,
    told: Told = lambda _what, _done, _all: None,
) -> Path:
    """Write `contents`, which are the manifest's items in order; returns the finished file's path.

    Where an unfinished file of this very manifest lies there, what is whole on the medium is kept and the rest added.
    Raises `StickFull`, `StickReadOnly`, `StickGone`, `CopyDamaged`; what was finished before stays finished.
    """
    head = head_bytes(manifest, signer)
    path = folder / manifest.name
    unfinished = path.with_name(path.name + PART)
    with stick_told(path, wanted=len(head) + manifest.contents + TRAILER_BYTES, stick=stick):
        kept = _kept(stick, unfinished, head, root, told)
        with stick.open_append(unfinished) as writer:
            copy = _Copy(writer, manifest.contents, told)
            if kept is None:
                copy.add(head, counted=False)
            copy.done = kept or 0
            for content in contents:
                if content.item.end > (kept or 0):
                    copy.all(content)
            copy.add(trailer_bytes(head, manifest.contents), counted=False)
            writer.fsync()
        _read_back(stick, unfinished, head, root, kept or 0, told)
        stick.rename(unfinished, path)
        stick.fsync_folder(folder)
    return path


class _Copy:
    def __init__(self, writer: Writer, total: int, told: Told) -> None:
        self._writer = writer
        self._total = total
        self._told = told
        self._unsynced = 0
        self.done = 0

    def all(self, content: Content) -> None:
        left = content.item.size
        for chunk in content.chunks(0):
            left -= len(chunk)
            if left < 0:
                break
            self.add(chunk)
        if left:  # the store under us changed; the digest would say so after a whole trip to the stick
            raise CopyDamaged(name=f"{content.item.kind} {content.item.note}")

    def add(self, data: bytes, *, counted: bool = True) -> None:
        for start in range(0, len(data), CHUNK):
            piece = data[start : start + CHUNK]
            self._writer.write(piece)
            self._unsynced += len(piece)
            if self._unsynced >= SYNC_BYTES:
                self._writer.fsync()
                self._unsynced = 0
            if counted:
                self.done += len(piece)
                self._told("copy", self.done, self._total)


def _kept(stick: Stick, unfinished: Path, head: bytes, root: VerifyKey, told: Told) -> int | None:
    """How many content bytes of an unfinished file are whole on the medium; the rest is cut off. None: begin anew."""
    if stick.size(unfinished) is None:
        return None
    try:
        bundle = Bundle(stick, unfinished, root)
    except RekamError:
        bundle = None
    if bundle is None or bundle.head.raw != head:
        stick.unlink(unfinished)
        return None
    kept = 0
    with suppress(RekamError):
        for item in bundle.manifest.items:
            bundle.verify(item, fresh=True)
            kept = item.end
            told("verify", kept, bundle.manifest.contents)
    stick.truncate(unfinished, len(head) + kept)
    return kept


def _read_back(stick: Stick, path: Path, head: bytes, root: VerifyKey, kept: int, told: Told) -> None:
    """What the medium holds now must be what was written; what `_kept` read back already is not read twice."""
    with stick.open_fresh(path) as file:
        if file.read(len(head)) != head:
            raise CopyDamaged(name=path.name)
    bundle = Bundle(stick, path, root)
    try:
        for item in bundle.manifest.items:
            if item.end > kept:
                bundle.verify(item, fresh=True)
                told("verify", item.end, bundle.manifest.contents)
        with stick.open_fresh(path) as file:
            file.seek(len(head) + bundle.manifest.contents)
            ending = file.read(TRAILER_BYTES + 1)
    except RekamError as error:
        raise CopyDamaged(name=path.name) from error
    if ending != trailer_bytes(head, bundle.manifest.contents):
        raise CopyDamaged(name=path.name)
