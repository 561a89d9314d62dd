"""What lies in a folder in which somebody still writes, for tests that search it."""

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["left_on_disk"]


def left_on_disk(folder: Path) -> dict[Path, bytes]:
    """Every file below `folder`. One that goes between the listing and the reading, as a database's own scratch files
    do, is not left there.
    """
    found = {}
    for above, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                path = Path(above) / name
                if path.is_file():
                    found[path] = path.read_bytes()
    return found
