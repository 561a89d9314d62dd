"""A disk in memory that forgets, at a power cut, exactly what was never fsynced."""

import io
from pathlib import Path
from typing import BinaryIO, Self

from rekam.storage.disk import Writer

__all__ = ["MemoryDisk"]


class _Inode:
    def __init__(self) -> None:
        self.data = bytearray()
        self.durable = b""


class _MemoryWriter:
    def __init__(self, inode: _Inode) -> None:
        self._inode = inode

    def write(self, data: bytes, /) -> int:
        self._inode.data += data
        return len(data)

    def fsync(self) -> None:
        self._inode.durable = bytes(self._inode.data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return None


class MemoryDisk:
    """The in-memory adapter of `Disk`, for simulations and tests.

    The strictest disk POSIX allows: `power_cut()` takes each file back to its last fsynced bytes and each folder to
    its last fsynced names.
    """

    def __init__(self, free: int = 1 << 40) -> None:
        self.free = free
        self._folders: set[Path] = set()
        self._files: dict[Path, _Inode] = {}
        self._durable: dict[Path, _Inode] = {}

    def power_cut(self) -> None:
        """Lose everything that was not made durable."""
        for inode in self._durable.values():
            inode.data = bytearray(inode.durable)
        self._files = dict(self._durable)

    def make_folder(self, folder: Path) -> None:
        self._folders.update((folder, *folder.parents))

    def open_append(self, path: Path) -> Writer:
        if path.parent not in self._folders:
            raise FileNotFoundError(path)
        return _MemoryWriter(self._files.setdefault(path, _Inode()))

    def open_read(self, path: Path) -> BinaryIO:
        return io.BytesIO(bytes(self._inode(path).data))

    def size(self, path: Path) -> int | None:
        return len(self._files[path].data) if path in self._files else None

    def fsync_folder(self, folder: Path) -> None:
        if folder not in self._folders:
            raise FileNotFoundError(folder)
        elsewhere = {path: inode for path, inode in self._durable.items() if path.parent != folder}
        self._durable = elsewhere | {path: inode for path, inode in self._files.items() if path.parent == folder}

    def rename(self, old: Path, new: Path) -> None:
        inode = self._inode(old)
        if new.parent not in self._folders:
            raise FileNotFoundError(new)
        self._files[new] = inode
        del self._files[old]

    def unlink(self, path: Path) -> None:
        self._inode(path)
        del self._files[path]

    def files(self, folder: Path) -> list[Path]:
        return sorted(path for path in self._files if path.parent == folder)

    def free_bytes(self, folder: Path) -> int:
        del folder
        return self.free - sum(len(inode.data) for inode in self._files.values())

    def _inode(self, path: Path) -> _Inode:
        if path not in self._files:
            raise FileNotFoundError(path)
        return self._files[path]
