"""A courier's stick as a port: a disk that can be cut, and read past the system's cache: `Stick`."""

import errno
import io
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, cast

from rekam.exchange.courier.errors import NotABundleFile, StickFull, StickGone, StickReadOnly
from rekam.storage.disk import Disk, RealDisk
from rekam.storage.memory_disk import MemoryDisk

__all__ = ["MemoryStick", "RealStick", "Stick", "stick_told"]

_ALIGNED: Final = 1 << 20
"""Bytes of one direct read; a multiple of every sector size."""


class Stick(Disk, Protocol):
    """What a bundle asks of the medium, besides a disk. Adapters: `RealStick`, `MemoryStick`."""

    def truncate(self, path: Path, size: int) -> None:
        """Cut the file after `size` bytes."""

    def open_fresh(self, path: Path) -> BinaryIO:
        """Open for reading what lies on the medium, not what the system remembers of it, as far as it can be told."""


class RealStick(RealDisk):
    """A mounted file system."""

    def truncate(self, path: Path, size: int) -> None:
        os.truncate(path, size)

    def open_fresh(self, path: Path) -> BinaryIO:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        try:
            return cast("BinaryIO", io.BufferedReader(_DirectFile(path), _ALIGNED))
        except OSError:  # a file system without O_DIRECT: its cache was dropped above
            return path.open("rb")

    def fsync_folder(self, folder: Path) -> None:
        # Drivers in user space (NTFS, exFAT of old systems) know no fsync of a folder; the file itself was fsynced.
        with suppress_unsupported():
            super().fsync_folder(folder)


class _DirectFile(io.RawIOBase):
    """Reads around the page cache: aligned blocks into an aligned buffer (open(2), O_DIRECT)."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECT", 0))
        self._buffer = mmap.mmap(-1, _ALIGNED)
        self._at = 0
        try:
            os.preadv(self._descriptor, [self._buffer], 0)  # some accept the flag and refuse the read
        except OSError:
            os.close(self._descriptor)
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: os.fstat(self._descriptor).st_size}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, into: Any, /) -> int:
        view = memoryview(into).cast("B")
        block = self._at - self._at % _ALIGNED
        got = os.preadv(self._descriptor, [self._buffer], block)
        count = max(0, min(len(view), block + got - self._at))
        begin = self._at - block
        view[:count] = self._buffer[begin : begin + count]
        self._at += count
        return count

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


class MemoryStick(MemoryDisk):
    """A stick in memory: a fresh read shows durable bytes alone, and a power cut (pulling it out) loses the others."""

    def truncate(self, path: Path, size: int) -> None:
        inode = self._inode(path)
        del inode.data[size:]
        inode.durable = inode.durable[:size]

    def open_fresh(self, path: Path) -> BinaryIO:
        return io.BytesIO(self._inode(path).durable)


@contextmanager
def suppress_unsupported() -> Iterator[None]:
    """Let pass that a file system has no such operation."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EBADF}:
            raise


@contextmanager
def stick_told(path: Path, *, wanted: int = 0, stick: Disk | None = None) -> Iterator[None]:
    """Turn what the system says of a stick into a sentence: full, read-only, a folder, or gone."""
    try:
        yield
    except OSError as error:
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
                free = 0
                with suppress(OSError):
                    free = stick.free_bytes(path.parent) if stick else 0
                raise StickFull(path=path.parent, wanted=wanted, free=free) from error
            case errno.EROFS | errno.EACCES | errno.EPERM:
                raise StickReadOnly(path=path.parent) from error
            case errno.EISDIR | errno.ENOTDIR:
                raise NotABundleFile(path=path) from error
            case _:
                raise StickGone(path=path, reason=error.strerror or type(error).__name__) from error
