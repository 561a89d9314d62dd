"""A disk that keeps, at a power cut, what was synced, and of the rest what chance leaves: `SimulatedDisk`."""

import errno
import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Self

__all__ = ["Inode", "SimulatedDisk"]

_SECTOR: Final = 512
_PLENTY: Final = 1 << 30


class Inode:
    """The bytes of a file, and what of them is on the medium."""

    __slots__ = ("data", "durable", "pending")

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)
        self.durable = bytearray(data)
        self.pending: list[tuple[int, bytes]] = []

    def write(self, offset: int, data: bytes) -> None:
        """Bytes reach the kernel."""
        found = self.data
        if offset > len(found):
            found.extend(bytes(offset - len(found)))
        found[offset : offset + len(data)] = data
        self.pending.append((offset, data))

    def truncate(self, size: int) -> None:
        """A shorter file; a journalled file system does it in the order of the writes."""
        del self.data[size:]
        self.replace(self.data)

    def sync(self) -> None:
        """Everything written is on the medium."""
        if self.pending:
            for offset, data in self.pending:
                _write(self.durable, offset, data)
            self.pending.clear()

    def replace(self, data: bytes | bytearray) -> None:
        """Other bytes lie on the medium, and nobody wrote them."""
        self.data[:] = data
        self.durable[:] = data
        self.pending.clear()

    def after_power_cut(self, chance: random.Random) -> "Inode":
        """What is found when power comes back: each unsynced write is there, gone, or torn at a sector."""
        if not self.pending:
            return Inode(bytes(self.data))
        found = bytearray(self.durable)
        for offset, data in self.pending:
            fate = chance.random()
            kept = len(data) if fate < 0.3 else 0 if fate < 0.7 else chance.randrange(0, len(data) + 1, _SECTOR)
            if kept:
                _write(found, offset, data[:kept])
        return Inode(bytes(found))


def _write(found: bytearray, offset: int, data: bytes) -> None:
    if offset > len(found):
        found.extend(bytes(offset - len(found)))
    found[offset : offset + len(data)] = data


class _Writer:
    def __init__(self, disk: "SimulatedDisk", path: str, inode: Inode) -> None:
        self._disk, self._path, self._inode = disk, path, inode

    def write(self, data: bytes, /) -> int:
        self._disk.write(self._path, self._inode, len(self._inode.data), bytes(data))
        return len(data)

    def fsync(self) -> None:
        self._disk.sync(self._path, self._inode)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return None


class SimulatedDisk:
    """`Disk` for the simulator; SQLite's files lie on it, too (`vfs`).

    `touched(what, path)` is told each call that reaches the medium before it takes effect: there a machine may stop
    and a call may fail. Names change in the order of their folder: of those that were not synced a power cut keeps the
    first so many.
    """

    def __init__(self, chance: random.Random, touched: Callable[[str, str], None], capacity: int = _PLENTY) -> None:
        self._chance = chance
        self._touched = touched
        self.capacity = capacity
        self.quiet = False
        self.files_now: dict[str, Inode] = {}
        self._durable: dict[str, Inode] = {}
        self._changes: dict[str, list[tuple[str, Inode | None]]] = {}
        self._folders: set[str] = set()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """What a dead process image still does reaches nothing."""
        self.quiet = True
        try:
            yield
        finally:
            self.quiet = False

    def power_cut(self) -> None:
        """Keep what was durable, and of the rest what chance leaves. Whoever still holds a file holds a ghost."""
        for changes in self._changes.values():
            for path, inode in changes[: self._chance.randint(0, len(changes))]:
                self._name(self._durable, path, inode)
        self._changes.clear()
        found = {id(inode): inode.after_power_cut(self._chance) for inode in self._durable.values()}
        self._durable = {path: found[id(inode)] for path, inode in self._durable.items()}
        self.files_now = dict(self._durable)

    def killed(self) -> None:
        """The process is gone and the kernel is not: everything written is there, nothing more of it is durable."""
        ghosts = {id(inode): _twin(inode) for inode in (*self.files_now.values(), *self._durable.values())}
        self.files_now = {path: ghosts[id(inode)] for path, inode in self.files_now.items()}
        self._durable = {path: ghosts[id(inode)] for path, inode in self._durable.items()}
        self._changes = {
            folder: [(path, inode and ghosts.setdefault(id(inode), _twin(inode))) for path, inode in changes]
            for folder, changes in self._changes.items()
        }

    def image(self) -> dict[str, bytes]:
        """A copy of the whole disk."""
        return {path: bytes(inode.data) for path, inode in self.files_now.items()}

    def restore(self, image: dict[str, bytes]) -> None:
        """Put a copy in its place."""
        self.files_now = {path: Inode(data) for path, data in image.items()}
        self._durable = dict(self.files_now)
        self._changes.clear()
        for path in image:
            self.make_folder(Path(path).parent)

    def put_back(self, path: str, data: bytes) -> None:
        """Somebody brings a file back to its place by hand."""
        inode = self.files_now.get(path) or Inode()
        inode.replace(data)
        self.files_now[path] = self._durable[path] = inode

    # what SQLite's layer and the writers use

    def open(self, path: str) -> Inode:
        """The file, made where there is none."""
        if self.quiet:
            return Inode(bytes(self.files_now[path].data) if path in self.files_now else b"")
        if path not in self.files_now:
            self._rename(path, Inode())
        return self.files_now[path]

    def write(self, path: str, inode: Inode, offset: int, data: bytes) -> None:
        """Raises OSError(ENOSPC) where there is no room."""
        if self.quiet:
            inode.write(offset, data)
            return
        self._touched("write", path)
        if self.capacity < _PLENTY and offset + len(data) > len(inode.data) and self.free() < len(data):
            raise OSError(errno.ENOSPC, "No space left on device", path)
        inode.write(offset, data)

    def sync(self, path: str, inode: Inode) -> None:
        self._tell("sync", path)
        inode.sync()

    def delete(self, path: str) -> None:
        self._tell("unlink", path)
        if path not in self.files_now:
            raise FileNotFoundError(path)
        self._rename(path, None)

    def sync_names(self, folder: str) -> None:
        """All changes of names in that folder are durable."""
        for path, inode in self._changes.pop(folder, ()):
            self._name(self._durable, path, inode)

    def free(self) -> int:
        """Bytes left; only a disk that has been made small is measured."""
        return self.capacity if self.capacity >= _PLENTY else self.capacity - self.used()

    def used(self) -> int:
        """Bytes in files."""
        return sum(len(inode.data) for inode in self.files_now.values())

    # the port `Disk`

    def make_folder(self, folder: Path) -> None:
        name = str(folder)
        while name and name not in self._folders:  # whoever has a folder has those above it
            self._folders.add(name)
            name = name.rpartition("/")[0]

    def open_append(self, path: Path) -> _Writer:
        name = str(path)
        if name.rpartition("/")[0] not in self._folders:
            raise FileNotFoundError(path)
        return _Writer(self, name, self.open(name))

    def open_read(self, path: Path) -> BinaryIO:
        found = self.files_now.get(str(path))
        if found is None:
            raise FileNotFoundError(path)
        return io.BytesIO(bytes(found.data))

    def size(self, path: Path) -> int | None:
        found = self.files_now.get(str(path))
        return None if found is None else len(found.data)

    def fsync_folder(self, folder: Path) -> None:
        name = str(folder)
        self._tell("sync folder", name)
        self.sync_names(name)

    def rename(self, old: Path, new: Path) -> None:
        self._tell("rename", str(new))
        inode = self.files_now.get(str(old))
        if inode is None:
            raise FileNotFoundError(old)
        self._rename(str(new), inode)
        self._rename(str(old), None)

    def unlink(self, path: Path) -> None:
        self.delete(str(path))

    def files(self, folder: Path) -> list[Path]:
        prefix = f"{folder}/"
        return sorted(
            Path(path) for path in self.files_now if path.startswith(prefix) and "/" not in path[len(prefix) :]
        )

    def free_bytes(self, folder: Path) -> int:
        del folder
        return self.free()

    def _tell(self, what: str, path: str) -> None:
        if not self.quiet:
            self._touched(what, path)

    def _rename(self, path: str, inode: Inode | None) -> None:
        if self.quiet:
            return
        self._name(self.files_now, path, inode)
        self._changes.setdefault(path.rpartition("/")[0], []).append((path, inode))

    @staticmethod
    def _name(names: dict[str, Inode], path: str, inode: Inode | None) -> None:
        if inode is None:
            names.pop(path, None)
        else:
            names[path] = inode


def _twin(inode: Inode) -> Inode:
    twin = Inode(bytes(inode.data))
    twin.durable, twin.pending = bytearray(inode.durable), list(inode.pending)
    return twin
