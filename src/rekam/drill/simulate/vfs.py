"""SQLite's files on a simulated disk, beneath the encryption: `file_system`."""

import errno
from functools import cache
from typing import Any, Final

import apsw

from rekam.drill.simulate.disk import Inode, SimulatedDisk

__all__ = ["SimulatedVfs", "file_system"]

_CIPHERS: Final = "multipleciphers-"
_JOURNALS: Final = apsw.SQLITE_OPEN_SUPER_JOURNAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL


class _File:
    """One open file; what SQLite asks of a file system, and no locks: one process, one connection."""

    def __init__(self, disk: SimulatedDisk, path: str, flags: int) -> None:
        self._disk, self._path = disk, path
        self._inode: Inode = disk.open(path)
        self._names_too = bool(flags & apsw.SQLITE_OPEN_CREATE and flags & _JOURNALS)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self._inode.data[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        try:
            self._disk.write(self._path, self._inode, offset, bytes(data))
        except OSError as error:
            raise (apsw.FullError if error.errno == errno.ENOSPC else apsw.IOError)(str(error)) from error

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        try:
            self._disk.sync(self._path, self._inode)
        except OSError as error:
            raise apsw.IOError(str(error)) from error
        if self._names_too:  # as SQLite's unix layer does with every journal that it may create, new or found
            self._disk.sync_names(self._path.rpartition("/")[0])
            self._names_too = False

    def xTruncate(self, size: int) -> None:  # noqa: N802
        if not self._disk.quiet:
            self._inode.truncate(size)

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._inode.data)

    def xClose(self) -> None:  # noqa: N802
        return None

    def xLock(self, level: int) -> None:  # noqa: ARG002, N802
        return None

    def xUnlock(self, level: int) -> None:  # noqa: ARG002, N802
        return None

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: ARG002, N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return 4096

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0


class SimulatedVfs(apsw.VFS):
    """A file system under one name. Names stay registered in a process, so a later country's machine of that name
    takes over its file system: `file_system`.
    """

    def __init__(self, name: str) -> None:
        self.disk: SimulatedDisk
        super().__init__(name, base="")
        self.encrypted = _CIPHERS + name

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802
        return _File(self.disk, name.filename() if hasattr(name, "filename") else str(name), flags[0])

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802
        if filename in self.disk.files_now:
            self.disk.delete(filename)
            if syncdir:
                self.disk.sync_names(filename.rpartition("/")[0])

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002, N802
        return pathname in self.disk.files_now

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def xRandomness(self, count: int) -> bytes:  # noqa: N802
        return bytes(count)

    def xSleep(self, microseconds: int) -> int:  # noqa: N802
        return microseconds

    def xCurrentTimeInt64(self) -> int:  # noqa: N802
        return 212_000_000_000_000


@cache
def _registered(name: str) -> SimulatedVfs:
    return SimulatedVfs(name)


def file_system(name: str, disk: SimulatedDisk) -> SimulatedVfs:
    """The file system of that name, over `disk` from now on."""
    found = _registered(name)
    found.disk = disk
    return found
