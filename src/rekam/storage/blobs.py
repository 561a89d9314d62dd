"""Durable content-addressed files: a blob's name is the SHA-256 of its bytes, so it can never change."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from rekam.enrolment.errors import RekamError
from rekam.storage.disk import Disk, Reserve, full_disk_told
from rekam.storage.errors import BlobDamaged, BlobMissing, DiskFull, OffsetMismatch
from rekam.storage.hashed import Hashed
from rekam.storage.unfinished import is_unfinished, is_written, unfinished

__all__ = ["BlobStore"]

_ID = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
_LOCKS = 64


class BlobStore:
    """Blobs under `folder`: finished ones as `aa/<id>`, unfinished uploads as `partial/<id>` or, where `by` says
    whose they are (hex), `partial/<id>-<by>`: several may bring the same blob, and none sees what another brought.

    A blob is in the store only when its bytes and its name are both durable: written, fsynced, digest checked,
    renamed, folder fsynced, in that order. A partial upload is a convenience and may be lost at any time.
    `reserve_bytes` of the disk are kept back (`DiskReserveReached`). Safe for threads of one process.
    """

    def __init__(self, folder: Path, disk: Disk, *, reserve_bytes: int = 0) -> None:
        self.folder = folder
        self._partial = folder / "partial"
        self._disk = disk
        self._reserve = Reserve(disk, folder, reserve_bytes)
        self._locks = [threading.RLock() for _ in range(_LOCKS)]
        self._known_folders: set[Path] = set()
        disk.make_folder(self._partial)
        for abandoned in disk.files(self._partial):
            if is_unfinished(abandoned):
                over = not is_written(abandoned)
            else:  # somebody else brought the same blob to its end
                over = bool(_ID.match(abandoned.name)) and self.has(abandoned.name[:64])
            if over:
                with suppress(FileNotFoundError):  # another process that starts now may be quicker
                    disk.unlink(abandoned)

    def has(self, blob_id: str) -> bool:
        """Whether the finished blob is here."""
        return self._disk.size(self.path(blob_id)) is not None

    def open(self, blob_id: str) -> BinaryIO:
        """The blob's bytes, to be closed by the caller; raises `BlobMissing`."""
        try:
            return self._disk.open_read(self.path(blob_id))
        except FileNotFoundError as error:
            raise BlobMissing(blob_id=blob_id) from error

    def size(self, blob_id: str) -> int:
        """The finished blob's size in bytes; raises `BlobMissing`."""
        size = self._disk.size(self.path(blob_id))
        if size is None:
            raise BlobMissing(blob_id=blob_id)
        return size

    def path(self, blob_id: str) -> Path:
        """Where the finished blob lies; raises ValueError when `blob_id` is not 64 lower-case hex digits."""
        return _lying(self.folder, blob_id)

    def ids(self) -> Iterator[str]:
        """Every finished blob, by id. One that is finished meanwhile may be left out."""
        for shard in range(256):
            folder = self.path(f"{shard:02x}" + "0" * 62).parent
            yield from (file.name for file in self._disk.files(folder) if _ID.fullmatch(file.name))

    def put(self, data: bytes | Iterable[bytes]) -> str:
        """Store the bytes, durably, and return their id; storing the same again changes nothing."""
        with unfinished(self._partial) as incoming:
            blob_id = self._write(incoming, (data,) if isinstance(data, bytes) else data)
            with self._lock(blob_id):
                self._settle(incoming, blob_id)
        return blob_id

    def _write(self, incoming: Path, chunks: Iterable[bytes]) -> str:
        """A new file, its bytes durable; returns their digest."""
        digest = hashlib.sha256()
        try:
            with full_disk_told(incoming), self._disk.open_append(incoming) as writer:
                for chunk in chunks:
                    self._reserve.check(len(chunk))
                    digest.update(chunk)
                    writer.write(chunk)
                writer.fsync()
        except (OSError, RekamError):
            with suppress(OSError):  # on a full disk each further attempt would leave another rest
                self._disk.unlink(incoming)
            raise
        return digest.hexdigest()

    def offset(self, blob_id: str, *, by: str = "") -> int:
        """How many bytes of the blob are here: its size when finished, 0 when unknown."""
        finished = self._disk.size(self.path(blob_id))
        return finished if finished is not None else self._disk.size(self._unfinished(blob_id, by)) or 0

    def append(self, blob_id: str, offset: int, data: bytes, *, by: str = "") -> int:
        """Append to an unfinished upload and return the new offset; raises `OffsetMismatch`, `DiskReserveReached`
        or `DiskFull`, and then the bytes that were here before are still here.
        """
        with self._lock(blob_id):
            here = self.offset(blob_id, by=by)
            if offset != here or (data and self.has(blob_id)):
                raise OffsetMismatch(blob_id=blob_id, given=offset, expected=here)
            self._reserve.check(len(data))
            path = self._unfinished(blob_id, by)
            with full_disk_told(path), self._disk.open_append(path) as writer:
                if data:
                    writer.write(data)
            return here + len(data)

    def finish(self, blob_id: str, *, accept: Callable[[BinaryIO], str] | None = None, by: str = "") -> None:
        """Check the digest and make the blob durable under its name; finishing twice changes nothing.

        Raises `BlobMissing` when there is no upload, `BlobDamaged` (and discards it) when the digest is another.
        `accept` reads the complete upload first, to its end, and returns the SHA-256 of what it read; when it raises,
        the upload is discarded and never had a name.
        """
        with self._lock(blob_id):
            partial, final = self._unfinished(blob_id, by), self.path(blob_id)
            if self.has(blob_id):
                # A process killed between rename and fsync left the name in memory only.
                self._disk.fsync_folder(final.parent)
                self.discard(blob_id, by=by)
                return
            if self._disk.size(partial) is None:
                raise BlobMissing(blob_id=blob_id)
            try:
                self._examine(partial, blob_id, accept)
            except RekamError:
                self._disk.unlink(partial)
                raise
            with self._forgotten_unless_durable(partial):
                with full_disk_told(partial), self._disk.open_append(partial) as writer:
                    writer.fsync()
                self._settle(partial, blob_id)

    def keep(self, whole: Hashed, *, by: str = "") -> None:
        """`append` of all the bytes and `finish` at once, for whoever has the whole blob at hand and has looked at it:
        the same file in the same order of steps, written and never read again.

        Raises `OffsetMismatch` where some or all of it is here already, and what `append` raises for the disk; then
        nothing of it is here.
        """
        blob_id = whole.sha256
        with self._lock(blob_id):
            if here := self.offset(blob_id, by=by):
                raise OffsetMismatch(blob_id=blob_id, given=0, expected=here)
            self._reserve.check(len(whole.data))
            partial = self._unfinished(blob_id, by)
            with (
                self._forgotten_unless_durable(partial),
                full_disk_told(partial),
                self._disk.open_append(partial) as writer,
            ):
                writer.write(whole.data)
                writer.fsync()
            self._settle(partial, blob_id)

    def _examine(self, partial: Path, blob_id: str, accept: Callable[[BinaryIO], str] | None) -> None:
        refused: RekamError | None = None
        found = ""
        if accept is not None:
            try:
                with self._disk.open_read(partial) as file:
                    found = accept(file)
            except RekamError as error:
                refused = error
        if (found or self._digest(partial)) != blob_id:
            raise BlobDamaged(blob_id=blob_id)
        if refused is not None:
            raise refused

    @contextmanager
    def _forgotten_unless_durable(self, partial: Path) -> Iterator[None]:
        """After an fsync that failed the kernel may call the lost bytes clean, and the next fsync of them succeeds
        without a write: nothing of the file is believed again (LWN 752063; Rebello et al., USENIX ATC 2020).
        """
        try:
            yield
        except (OSError, DiskFull):
            with suppress(OSError):
                self._disk.unlink(partial)
            raise

    def _settle(self, fsynced: Path, blob_id: str) -> None:
        """Give a file whose bytes are durable its final name, durably."""
        final = self.path(blob_id)
        if final.parent not in self._known_folders:
            self._disk.make_folder(final.parent)
            # Whoever made these folders may have been killed before it fsynced them.
            self._disk.fsync_folder(self.folder)
            self._known_folders.add(final.parent)
        self._disk.rename(fsynced, final)
        with self._forgotten_unless_durable(final):
            self._disk.fsync_folder(final.parent)

    def discard(self, blob_id: str, *, by: str = "") -> None:
        """Forget an unfinished upload, if there is one."""
        with self._lock(blob_id), suppress(FileNotFoundError):
            self._disk.unlink(self._unfinished(blob_id, by))

    def _unfinished(self, blob_id: str, by: str) -> Path:
        return self._partial / (f"{blob_id}-{by}" if by else blob_id)

    def remove(self, blob_id: str) -> None:
        """Remove a finished blob; the caller holds the verified acceptance receipt that allows it (never 3).

        Durable when it returns, also where an earlier removal was cut short after the name had gone from memory.
        """
        final = self.path(blob_id)
        with self._lock(blob_id):
            if self.has(blob_id):
                self._disk.unlink(final)
            with suppress(FileNotFoundError):  # nothing ever lay in that folder
                self._disk.fsync_folder(final.parent)

    def set_aside(self, blob_id: str, where: str = "damaged") -> None:
        """Move a finished blob, one that is found damaged unless it is said `where`, to the folder `damaged`; the store
        lacks it from then on, and the same bytes may be brought again. Nothing is deleted.
        """
        final, aside = self.path(blob_id), self.folder / where
        with self._lock(blob_id):
            if self.has(blob_id):
                self._disk.make_folder(aside)
                self._disk.rename(final, aside / blob_id)
                self._disk.fsync_folder(aside)
                self._disk.fsync_folder(final.parent)

    def verify(self, blob_id: str) -> None:
        """Read the blob again and raise `BlobDamaged` unless its bytes still are what its name says."""
        if not self.has(blob_id):
            raise BlobMissing(blob_id=blob_id)
        if self._digest(self.path(blob_id)) != blob_id:
            raise BlobDamaged(blob_id=blob_id)

    def check_reserve(self, wanted: int = 0) -> None:
        """Raise `DiskReserveReached` when `wanted` more bytes would touch the reserve."""
        self._reserve.check(wanted)

    def chunks(self, blob_id: str, offset: int = 0) -> Iterator[bytes]:
        """The blob's bytes from `offset` on, in pieces of at most 1 MiB."""
        with self.open(blob_id) as file:
            file.seek(offset)
            while chunk := file.read(_CHUNK):
                yield chunk

    def _digest(self, path: Path) -> str:
        digest = hashlib.sha256()
        with self._disk.open_read(path) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def _lock(self, blob_id: str) -> threading.RLock:
        self.path(blob_id)  # refuses a name that is no digest before it can become a path
        return self._locks[int(blob_id[:2], 16) % _LOCKS]


@lru_cache(maxsize=4096)  # each blob is asked after many times, and paths are slow to put together
def _lying(folder: Path, blob_id: str) -> Path:
    if not _ID.fullmatch(blob_id):
        raise ValueError(f"not a SHA-256 in hex: {blob_id!r}")
    return folder / blob_id[:2] / blob_id
