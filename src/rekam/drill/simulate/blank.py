"""The store of a station that was just unpacked: encrypted, migrated, nothing in it yet: `blank_store`."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

from rekam.drill.simulate.disk import SimulatedDisk
from rekam.drill.simulate.vfs import file_system
from rekam.station.store import StationStore
from rekam.storage.sqlite import open_encrypted

__all__ = ["blank_store"]

_PATH: Final = Path("/blank/station.db")


@cache
def blank_store(key: bytes) -> bytes:
    """The bytes of its file, made by the product's own migrations once a process. A station that is set up anew
    migrates on its own disk, where it may be broken off (`SettingUp`).
    """
    disk = SimulatedDisk(Random(0), lambda _what, _path: None)  # noqa: S311  # nothing is drawn
    disk.make_folder(_PATH.parent)
    connection: Any = open_encrypted(_PATH, key, vfs=file_system("rekam-blank", disk).encrypted, exclusive=True)
    StationStore(connection).close()
    return bytes(disk.files_now[str(_PATH)].data)
