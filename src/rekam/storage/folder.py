"""A place's data folder: made once, held by one process, marked with its layout."""

import fcntl
import json
import os
from pathlib import Path
from typing import Self

from rekam.storage.errors import FolderFromNewerVersion, FolderInUse, FolderOfAnotherPlace

__all__ = ["LAYOUT", "DataFolder"]

LAYOUT = 1
"""The layout this version writes; a folder with a higher one is refused."""


class DataFolder:
    """The folder `path` of one place ("station", "office", ...), locked for this process until `close`.

    The lock goes with the process, however it ends. Raises `FolderInUse`, `FolderFromNewerVersion`,
    `FolderOfAnotherPlace`; in each case nothing was changed.
    """

    def __init__(self, path: Path, place: str) -> None:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self._lock = (path / "process.lock").open("a+")
        try:
            self._hold()
            self._check_layout(place)
        except BaseException:
            self._lock.close()
            raise

    def sub(self, name: str) -> Path:
        """A folder of that name within this one, created when missing."""
        folder = self.path / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def close(self) -> None:
        """Give the folder free."""
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _hold(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.seek(0)
            raise FolderInUse(folder=self.path, pid=self._lock.read().strip() or "?") from error
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()

    def _check_layout(self, place: str) -> None:
        marker = self.path / "rekam.json"
        if not marker.exists():
            fresh = marker.with_suffix(".new")
            fresh.write_text(json.dumps({"place": place, "layout": LAYOUT}) + "\n")
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
            fresh.rename(marker)
            return
        found = json.loads(marker.read_text())
        if found["layout"] > LAYOUT:
            raise FolderFromNewerVersion(folder=self.path, found=found["layout"], known=LAYOUT)
        if found["place"] != place:
            raise FolderOfAnotherPlace(folder=self.path, found=found["place"], wanted=place)
