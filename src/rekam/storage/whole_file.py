"""Small files that are written whole or not at all: `write_whole`."""

import os
from pathlib import Path

from rekam.storage.disk import full_disk_told

__all__ = ["write_whole"]


def write_whole(path: Path, content: bytes) -> None:
    """Replaces `path` with `content`, mode 0600, durable when it returns: a power cut leaves the old or the new.

    Raises `DiskFull`; the old content stays.
    """
    fresh = path.with_name(f".{path.name}.new")
    with full_disk_told(path):
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
