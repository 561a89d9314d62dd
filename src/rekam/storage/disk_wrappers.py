"""Wrappers around a disk, for tests and drills: one writes down every call, one runs full, one fails to sync."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Self

from rekam.storage.disk import Disk, Writer

__all__ = ["Call", "ForgetfulDisk", "LimitedDisk", "RecordingDisk"]

Call = tuple[str, str]
"""What was done and to which file or folder (its name alone)."""


class _ObservedWriter:
    """A writer that tells `before_write` and `before_fsync` ahead of each call."""

    def __init__(self, inner: Writer, before_write: Callable[[bytes], None], before_fsync: Callable[[], None]) -> None:
        self._inner = inner
        self._before_write = before_write
        self._before_fsync = before_fsync

    def write(self, data: bytes, /) -> int:
        self._before_write(data)
        return self._inner.write(data)

    def fsync(self) -> None:
        self._before_fsync()
        self._inner.fsync()

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._inner.__exit__(*exc)


class _Wrapper:
    """Passes every call on; a wrapper overrides the ones it cares about."""

    def __init__(self, inner: Disk) -> None:
        self._inner = inner

    def make_folder(self, folder: Path) -> None:
        self._inner.make_folder(folder)

    def open_append(self, path: Path) -> Writer:
        return self._inner.open_append(path)

    def open_read(self, path: Path) -> BinaryIO:
        return self._inner.open_read(path)

    def size(self, path: Path) -> int | None:
        return self._inner.size(path)

    def fsync_folder(self, folder: Path) -> None:
        self._inner.fsync_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        self._inner.rename(old, new)

    def unlink(self, path: Path) -> None:
        self._inner.unlink(path)

    def files(self, folder: Path) -> list[Path]:
        return self._inner.files(folder)

    def free_bytes(self, folder: Path) -> int:
        return self._inner.free_bytes(folder)


class RecordingDisk(_Wrapper):
    """Writes down the calls that change the disk, in their order, in `calls`.

    Pass the same list to a recording register to see rows and receipts in the one sequence: a `kill -9` cannot
    reveal a missing fsync, because the kernel keeps the bytes; only the order of calls can.
    """

    def __init__(self, inner: Disk, calls: list[Call] | None = None) -> None:
        super().__init__(inner)
        self.calls: list[Call] = calls if calls is not None else []

    def make_folder(self, folder: Path) -> None:
        self.calls.append(("make folder", folder.name))
        super().make_folder(folder)

    def open_append(self, path: Path) -> Writer:
        return _ObservedWriter(
            super().open_append(path),
            lambda _data: self.calls.append(("write", path.name)),
            lambda: self.calls.append(("fsync file", path.name)),
        )

    def fsync_folder(self, folder: Path) -> None:
        self.calls.append(("fsync folder", folder.name))
        super().fsync_folder(folder)

    def rename(self, old: Path, new: Path) -> None:
        self.calls.append(("rename", new.name))
        super().rename(old, new)

    def unlink(self, path: Path) -> None:
        self.calls.append(("unlink", path.name))
        super().unlink(path)


class LimitedDisk(_Wrapper):
    """A disk with `capacity` bytes left: writing past it fails with ENOSPC, as a full disk does."""

    def __init__(self, inner: Disk, capacity: int) -> None:
        super().__init__(inner)
        self.capacity = capacity

    def open_append(self, path: Path) -> Writer:
        return _ObservedWriter(super().open_append(path), lambda data: self._spend(path, len(data)), lambda: None)

    def unlink(self, path: Path) -> None:
        size = self.size(path) or 0
        super().unlink(path)
        self.capacity += size

    def free_bytes(self, folder: Path) -> int:
        return min(self.capacity, super().free_bytes(folder))

    def _spend(self, path: Path, size: int) -> None:
        if size > self.capacity:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        self.capacity -= size


class ForgetfulDisk(_Wrapper):
    """A disk whose `failing`-th fsync, counted from 1 over files and folders, answers EIO and forgets what it should
    have kept: later syncs of the same file or folder succeed and write nothing, as Linux does.
    """

    def __init__(self, inner: Disk, failing: int) -> None:
        super().__init__(inner)
        self._failing = failing
        self._forgotten: set[Path] = set()
        self.syncs = 0

    def open_append(self, path: Path) -> Writer:
        return _ForgetfulWriter(super().open_append(path), lambda: self._lost(path))

    def fsync_folder(self, folder: Path) -> None:
        if not self._lost(folder):
            super().fsync_folder(folder)

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self._forgotten -= {path, path.parent}  # a new file, and a folder that has changed again

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        if old in self._forgotten:
            self._forgotten = self._forgotten - {old} | {new}

    def _lost(self, path: Path) -> bool:
        """Whether a sync of `path` writes nothing; raises OSError at the one that fails."""
        self.syncs += 1
        if self.syncs == self._failing:
            self._forgotten.add(path)
            raise OSError(errno.EIO, "Input/output error", str(path))
        return path in self._forgotten


class _ForgetfulWriter(_ObservedWriter):
    """A writer whose fsync does nothing when `lost` says so."""

    def __init__(self, inner: Writer, lost: Callable[[], bool]) -> None:
        super().__init__(inner, lambda _data: None, lambda: None)
        self._lost = lost

    def fsync(self) -> None:
        if not self._lost():
            super().fsync()
