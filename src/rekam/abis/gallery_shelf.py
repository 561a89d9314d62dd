"""Galleries of several generations side by side, one of them in use.

`current` in the shelf's folder names the one in use; replacing that file is the switch. Whatever a power cut leaves,
the file names one whole gallery.
"""

import os
import shutil
from pathlib import Path

from rekam.abis.errors import GalleryInUse

CURRENT = "current"


class Shelf:
    """A folder of galleries, each in a folder of its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def current(self) -> str | None:
        """The name of the gallery in use, None where none was ever switched to."""
        pointer = self._folder / CURRENT
        return pointer.read_text("utf-8") if pointer.exists() else None

    def place(self, name: str) -> Path:
        """Where the gallery of that name lies or will lie."""
        return self._folder / f"{name}.gallery"

    def names(self) -> tuple[str, ...]:
        """Every gallery on the shelf, whether in use or not."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.gallery")))

    def switch_to(self, name: str) -> None:
        """Takes the gallery into use, durably; the one before stays. Raises `FileNotFoundError` where it is not."""
        if not self.place(name).is_dir():
            raise FileNotFoundError(self.place(name))
        unfinished = self._folder / f"{CURRENT}.new"
        with unfinished.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._folder / CURRENT)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def forget(self, name: str) -> None:
        """Deletes a gallery that is not in use. Raises `GalleryInUse` for the one that is."""
        if name == self.current:
            raise GalleryInUse(folder=self.place(name))
        shutil.rmtree(self.place(name))
