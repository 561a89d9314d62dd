"""The gallery on disk: an append-only log, mapped into memory, with its columns for searching held beside it."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from rekam.abis.errors import AbisError, AlreadyInGallery, GallerySealed, GalleryUnreadable, NotInGallery
from rekam.abis.gallery_columns import Columns, ColumnStore
from rekam.abis.gallery_log import GalleryLog, Record, RecordKind
from rekam.abis.gallery_port import SegmentCipher, require_id
from rekam.abis.kinds import Kinds, joined
from rekam.abis.template_set import TemplateSet
from rekam.enrolment.errors import RekamError

SEALED = 1
KEY_CHECK = b"this key opens this gallery"


class Gallery:
    """Template sets under opaque 16-byte ids, durable after `flush`; see `GalleryPort`. Safe to use from threads.

    One process holds a gallery open at a time. With a cipher each template set is sealed at rest, bound to its place
    and its id, and opened into memory when the gallery is opened.
    """

    def __init__(self, log: GalleryLog, cipher: SegmentCipher | None) -> None:
        self._log = log
        self._cipher = cipher
        self._lock = threading.RLock()
        self._columns = ColumnStore()
        self._records: dict[bytes, Record] = {}

    @classmethod
    def open(cls, folder: Path, cipher: SegmentCipher | None = None, *, sync: Callable[[int], None] = os.fsync) -> Self:
        """Opens the gallery in a folder, or begins one there; a tail torn by a power cut is cut off.

        Raises `GalleryInUse`, `GallerySealed`, `GalleryFromNewerVersion`, `GalleryUnreadable`, `GalleryNotWritten`.
        """
        folder.mkdir(parents=True, exist_ok=True)
        log = GalleryLog.open(folder, flags=SEALED if cipher else 0, sync=sync)
        gallery = cls(log, cipher)
        try:
            gallery._require_matching_cipher()
            gallery._load()
        except BaseException:
            log.close()
            raise
        return gallery

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._records

    def append(self, id_: bytes, templates: TemplateSet) -> None:
        """See `GalleryPort.append`. Raises `GalleryNotWritten` also, and nothing was added then."""
        require_id(id_)
        with self._lock:
            if id_ in self._records:
                if self.get(id_) != templates:
                    raise AlreadyInGallery(id=id_.hex())
                return
            joined(self._columns.kinds, templates)
            body = self._sealed(templates.to_bytes(), RecordKind.ADD, id_)
            self._records[id_] = self._log.append(RecordKind.ADD, id_, body)
            self._columns.add(id_, templates)

    def tombstone(self, id_: bytes) -> bool:
        """See `GalleryPort.tombstone`. Raises `GalleryNotWritten`, and the id is still held then."""
        with self._lock:
            if id_ not in self._records:
                return False
            self._log.append(RecordKind.TOMBSTONE, id_)
            del self._records[id_]
            self._columns.remove(id_)
            return True

    def get(self, id_: bytes) -> TemplateSet:
        """See `GalleryPort.get`; read out of the mapped file."""
        with self._lock:
            record = self._records.get(id_)
            if record is None:
                raise NotInGallery(id=id_.hex())
            return TemplateSet.from_bytes(self._opened(record))

    def ids(self) -> tuple[bytes, ...]:
        """See `GalleryPort.ids`."""
        with self._lock:
            return tuple(self._records)

    def flush(self) -> None:
        """See `GalleryPort.flush`. Raises `GalleryNotWritten`."""
        with self._lock:
            self._log.flush()

    def columns(self) -> Columns:
        """See `GalleryPort.columns`."""
        with self._lock:
            return self._columns.snapshot()

    @property
    def kinds(self) -> Kinds:
        """See `GalleryPort.kinds`."""
        return self._columns.kinds

    def close(self) -> None:
        """Flushes and lets the folder go."""
        with self._lock:
            try:
                self._log.flush()
            finally:
                self._log.close()

    def _require_matching_cipher(self) -> None:
        if bool(self._log.flags & SEALED) and self._cipher is None:
            raise GallerySealed(folder=self._log.folder, reason="no key was given")
        if not self._log.flags & SEALED and self._cipher is not None:
            raise GalleryUnreadable(folder=self._log.folder, reason="it is not sealed, though a key was given")

    def _load(self) -> None:
        keyed = False
        for record in self._log.recover():
            match record.kind:
                case RecordKind.KEY_CHECK:
                    keyed = True
                    self._opened(record)
                case RecordKind.ADD:
                    self._records[record.id] = record
                case RecordKind.TOMBSTONE:
                    self._records.pop(record.id, None)
                case RecordKind.COMMIT:
                    pass
        if self._cipher is not None and not keyed:
            self._log.append(RecordKind.KEY_CHECK, body=self._sealed(KEY_CHECK, RecordKind.KEY_CHECK, bytes(16)))
            self._log.flush()
        for id_, record in self._records.items():
            try:
                self._columns.add(id_, TemplateSet.from_bytes(self._opened(record)))
            except AbisError as failure:
                raise GalleryUnreadable(
                    folder=self._log.folder, reason=f"{failure.code} under {id_.hex()}"
                ) from failure

    def _sealed(self, data: bytes, kind: RecordKind, id_: bytes) -> bytes:
        return data if self._cipher is None else self._cipher.encrypt(data, _context(kind, self._log.next_ordinal, id_))

    def _opened(self, record: Record) -> bytes:
        body = self._log.body(record)
        if self._cipher is None:
            return body
        try:
            return self._cipher.decrypt(body, _context(record.kind, record.ordinal, record.id))
        except RekamError as failure:
            raise GallerySealed(folder=self._log.folder, reason=failure.code) from failure


def _context(kind: RecordKind, ordinal: int, id_: bytes) -> bytes:
    """Binds a sealed record to its place, so that records can be neither swapped nor played back."""
    return b"rekam gallery 1" + bytes([kind]) + ordinal.to_bytes(8, "little") + id_
