"""The disk as a port: every call that decides whether bytes survive a power cut, by name."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, Self

from rekam.storage.errors import DiskFull, DiskReserveReached

__all__ = ["Disk", "RealDisk", "Reserve", "Writer", "full_disk_told"]


class Writer(Protocol):
    """A file open for appending."""

    def write(self, data: bytes, /) -> int: ...
    def fsync(self) -> None:
        """Return only when every byte written so far is on the medium."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *exc: object) -> None: ...


class Disk(Protocol):
    """What a store asks of a file system. Adapters: `RealDisk`, `MemoryDisk`; wrappers: `RecordingDisk`, `LimitedDisk`.

    Missing files raise `FileNotFoundError`, a full disk raises `OSError(ENOSPC)`, as the system does.
    """

    def make_folder(self, folder: Path) -> None:
        """Create `folder` and its parents, durably: each new folder's parent is fsynced."""

    def open_append(self, path: Path) -> Writer:
        """Open for appending, creating the file. Nothing is durable before `Writer.fsync` and `fsync_folder`."""

    def open_read(self, path: Path) -> BinaryIO: ...

    def size(self, path: Path) -> int | None:
        """Size in bytes, or None when there is no such file."""

    def fsync_folder(self, folder: Path) -> None:
        """Make the names in `folder` durable (creations, renames, removals)."""

    def rename(self, old: Path, new: Path) -> None:
        """Rename atomically within one file system, replacing `new`."""

    def unlink(self, path: Path) -> None: ...

    def files(self, folder: Path) -> list[Path]:
        """The files in `folder` (not below it), sorted; empty when there is no such folder."""

    def free_bytes(self, folder: Path) -> int:
        """Bytes that an ordinary process may still write to the file system that holds `folder`."""


class _RealWriter:
    def __init__(self, path: Path) -> None:
        # Unbuffered: what write() returned from is in the kernel, so a killed process loses nothing of it.
        self._file = path.open("ab", buffering=0)

    def write(self, data: bytes, /) -> int:
        view = memoryview(data)
        while view:  # a raw write may be short
            view = view[self._file.write(view) :]
        return len(data)

    def fsync(self) -> None:
        os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()


class RealDisk:
    """The operating system's file system."""

    def make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self.make_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
        self.fsync_folder(folder.parent)

    def open_append(self, path: Path) -> Writer:
        return _RealWriter(path)

    def open_read(self, path: Path) -> BinaryIO:
        return path.open("rb")

    def size(self, path: Path) -> int | None:
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return None

    def fsync_folder(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, old: Path, new: Path) -> None:
        old.replace(new)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def files(self, folder: Path) -> list[Path]:
        return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []

    def free_bytes(self, folder: Path) -> int:
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        return shutil.disk_usage(existing).free


class Reserve:
    """Space kept back so that what was begun can be finished: intake and capture stop before it is used up."""

    def __init__(self, disk: Disk, folder: Path, reserve_bytes: int) -> None:
        self._disk = disk
        self._folder = folder
        self.reserve_bytes = reserve_bytes

    def check(self, wanted: int = 0) -> None:
        """Raise `DiskReserveReached` unless `wanted` more bytes leave the reserve untouched."""
        free = self._disk.free_bytes(self._folder)
        if free - wanted < self.reserve_bytes:
            raise DiskReserveReached(free=free, reserve=self.reserve_bytes, path=self._folder)


@contextmanager
def full_disk_told(path: Path) -> Iterator[None]:
    """Turn the system's ENOSPC and EDQUOT into `DiskFull`, the sentence that an operator reads."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(path=path) from error
        raise
