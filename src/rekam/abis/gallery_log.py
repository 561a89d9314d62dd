"""The gallery's file: an append-only log of records that says itself how much of it is durable.

Little-endian. Header: magic 8s, version u16, flags u16, crc32 u32 of these. Record: marker 4s, kind u8, 3 zero bytes,
body length u32, ordinal u64, id 16s, crc32 u32 of head and body, body. A COMMIT record is written only after everything
before it was fsynced: damage before the last COMMIT is decay and refused, damage behind it is a torn tail and cut off.
"""

import fcntl
import mmap
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Self

from rekam.abis.errors import GalleryFromNewerVersion, GalleryInUse, GalleryNotWritten, GalleryUnreadable

FILE_NAME = "gallery.log"
MAGIC = b"RKMGALRY"
VERSION = 1
MARKER = b"\xf7RG\x01"
MAX_BODY = 4 * 1024 * 1024
NO_ID = bytes(16)

_HEADER = struct.Struct("<8sHHI")
_HEAD = struct.Struct("<4sB3xIQ16s")
_CRC = struct.Struct("<I")
_HEAD_SIZE = _HEAD.size + _CRC.size


class RecordKind(IntEnum):
    """What a record says."""

    KEY_CHECK = 0
    ADD = 1
    TOMBSTONE = 2
    COMMIT = 3


@dataclass(frozen=True, slots=True)
class Record:
    """One record's head; its body lies at `offset`, `length` bytes long."""

    kind: RecordKind
    ordinal: int
    id: bytes
    offset: int
    length: int

    @property
    def end(self) -> int:
        """Where the next record begins."""
        return self.offset + self.length


class GalleryLog:
    """One open log file, held by one writer. `sync` is `os.fsync` but for tests that note its calls."""

    def __init__(self, folder: Path, descriptor: int, flags: int, sync: Callable[[int], None]) -> None:
        self.folder = folder
        self.flags = flags
        self._descriptor = descriptor
        self._sync = sync
        self._end = _HEADER.size
        self._ordinal = 0
        self._committed = True
        self._broken = False
        self._map: mmap.mmap | None = None

    @classmethod
    def open(cls, folder: Path, *, flags: int, sync: Callable[[int], None] = os.fsync) -> Self:
        """Opens the folder's log, or begins one with these `flags`. Read it through `recover` before anything else.

        Raises `GalleryInUse`, `GalleryUnreadable`, `GalleryFromNewerVersion`.
        """
        path = folder / FILE_NAME
        if not path.exists():
            _create(path, flags, sync)
        descriptor = os.open(path, os.O_RDWR)
        try:
            _lock(descriptor, folder)
            found = _read_header(os.pread(descriptor, _HEADER.size, 0), folder)
        except GalleryUnreadable:
            os.close(descriptor)
            raise
        return cls(folder, descriptor, found, sync)

    def recover(self) -> Iterator[Record]:
        """Every whole record in order, then cuts a torn tail off. Raises `GalleryUnreadable` for decay."""
        size = os.fstat(self._descriptor).st_size
        with mmap.mmap(self._descriptor, size, access=mmap.ACCESS_READ) as content:
            while (record := _record_at(content, self._end, self._ordinal)) is not None:
                self._end, self._ordinal = record.end, record.ordinal + 1
                self._committed = record.kind is RecordKind.COMMIT
                yield record
            if self._end < size and _commit_follows(content, self._end):
                raise GalleryUnreadable(folder=self.folder, reason=f"it is damaged at byte {self._end}")
        if self._end < size:
            os.ftruncate(self._descriptor, self._end)
            self._sync(self._descriptor)

    @property
    def next_ordinal(self) -> int:
        """The number that the next record will bear."""
        return self._ordinal

    def append(self, kind: RecordKind, id_: bytes = NO_ID, body: bytes = b"") -> Record:
        """Writes one record; durable only after `flush`. Raises `GalleryNotWritten`, and nothing was added then."""
        if self._broken:
            raise GalleryNotWritten(folder=self.folder, reason="an earlier write was not confirmed by the disk")
        head = _HEAD.pack(MARKER, kind, len(body), self._ordinal, id_)
        data = head + _CRC.pack(zlib.crc32(body, zlib.crc32(head))) + body
        try:
            _write_whole(self._descriptor, data, self._end)
        except OSError as failure:
            os.ftruncate(self._descriptor, self._end)
            raise GalleryNotWritten(folder=self.folder, reason=failure.strerror) from failure
        record = Record(kind, self._ordinal, id_, self._end + _HEAD_SIZE, len(body))
        self._end, self._ordinal = record.end, self._ordinal + 1
        self._committed = kind is RecordKind.COMMIT
        return record

    def flush(self) -> None:
        """Makes every record durable. Raises `GalleryNotWritten`: open the gallery again then."""
        if self._committed:
            return
        self._confirm()
        self.append(RecordKind.COMMIT)
        self._confirm()

    def _confirm(self) -> None:
        try:
            self._sync(self._descriptor)
        except OSError as failure:
            # after a failed fsync the kernel may drop the pages and report success next time
            self._broken = True
            raise GalleryNotWritten(folder=self.folder, reason=failure.strerror) from failure

    def body(self, record: Record) -> bytes:
        """The record's body out of the mapped file."""
        if self._map is None or len(self._map) < record.end:
            if self._map is not None:
                self._map.close()
            self._map = mmap.mmap(self._descriptor, self._end, access=mmap.ACCESS_READ)
        return self._map[record.offset : record.end]

    def close(self) -> None:
        """Closes the file without flushing."""
        if self._map is not None:
            self._map.close()
            self._map = None
        os.close(self._descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    """Held until the descriptor closes, also by the process's end: two writers would write over each other."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise GalleryInUse(folder=folder) from held


def _create(path: Path, flags: int, sync: Callable[[int], None]) -> None:
    """A whole header or no file: a crash while creating leaves nothing half-written behind the name."""
    unfinished = path.with_suffix(".new")
    head = struct.pack("<8sHH", MAGIC, VERSION, flags)
    with unfinished.open("wb") as file:
        file.write(head + _CRC.pack(zlib.crc32(head)))
        file.flush()
        sync(file.fileno())
    unfinished.rename(path)
    # the second one holds the folder's own name, which may be as new as the file
    for holder in (path.parent, path.parent.parent):
        folder = os.open(holder, os.O_RDONLY)
        try:
            sync(folder)
        finally:
            os.close(folder)


def _read_header(data: bytes, folder: Path) -> int:
    if len(data) < _HEADER.size or not data.startswith(MAGIC):
        raise GalleryUnreadable(folder=folder, reason="it does not begin like a gallery")
    _, version, flags, crc = _HEADER.unpack(data)
    if crc != zlib.crc32(data[: -_CRC.size]):
        raise GalleryUnreadable(folder=folder, reason="its header is damaged")
    if version > VERSION:
        raise GalleryFromNewerVersion(folder=folder, found=version, known=VERSION)
    return int(flags)


def _record_at(content: mmap.mmap, start: int, ordinal: int | None) -> Record | None:
    """The whole, undamaged record at `start`; with `ordinal`, only if it bears that number."""
    body = start + _HEAD_SIZE
    if body > len(content):
        return None
    head = content[start : start + _HEAD.size]
    marker, kind, length, found, id_ = _HEAD.unpack(head)
    if marker != MARKER or length > MAX_BODY or body + length > len(content) or kind > RecordKind.COMMIT:
        return None
    (crc,) = _CRC.unpack(content[start + _HEAD.size : body])
    if crc != zlib.crc32(content[body : body + length], zlib.crc32(head)):
        return None
    if ordinal is not None and found != ordinal:
        return None
    return Record(RecordKind(kind), found, id_, body, length)


def _commit_follows(content: mmap.mmap, start: int) -> bool:
    wanted = MARKER + bytes([RecordKind.COMMIT])
    position = content.find(wanted, start)
    while position >= 0:
        if _record_at(content, position, None) is not None:
            return True
        position = content.find(wanted, position + 1)
    return False


def _write_whole(descriptor: int, data: bytes, offset: int) -> None:
    written = 0
    while written < len(data):
        written += os.pwrite(descriptor, data[written:], offset + written)
