"""Which removable media are plugged into this machine: `Media`."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Media", "Medium"]

_ROOTS: Final = (Path("/media"), Path("/run/media"))
"""Where desktops mount what is plugged in: /media/NAME, /media/USER/NAME, /run/media/USER/NAME."""
_DEPTH: Final = 2


@dataclass(frozen=True)
class Medium:
    """A place to write to: its folder, the bytes free on it, and the courier's files that lie there."""

    folder: Path
    free: int
    files: int
    writable: bool

    @property
    def name(self) -> str:
        """What its owner called it."""
        return self.folder.name


@dataclass(frozen=True)
class Media:
    """Looks below `roots` for mounted media; `folders` are always listed, mounted or not (a setting)."""

    folders: Sequence[Path] = ()
    roots: Sequence[Path] = _ROOTS

    def plugged_in(self) -> list[Medium]:
        """What is there now, in the order of names; whatever does not answer is left out."""
        found = {folder.absolute() for folder in self.folders if folder.is_dir()}
        for root in self.roots:
            found |= set(_mounted_below(root, _DEPTH))
        return [medium for folder in sorted(found) if (medium := _looked_at(folder))]


def _mounted_below(folder: Path, depth: int) -> list[Path]:
    found: list[Path] = []
    with suppress(OSError):
        for each in sorted(folder.iterdir()):
            if each.is_dir() and not each.is_symlink():
                if os.path.ismount(each):
                    found.append(each)
                elif depth > 1:
                    found += _mounted_below(each, depth - 1)
    return found


def _looked_at(folder: Path) -> Medium | None:
    try:
        room = os.statvfs(folder)
        files = sum(each.suffix == ".rekam" for each in folder.iterdir())
    except OSError:
        return None
    writable = not room.f_flag & os.ST_RDONLY and os.access(folder, os.W_OK)
    return Medium(folder, room.f_bavail * room.f_frsize, files, writable)
