"""Key files: a place's private keys by name, in one file outside the data folder and its backups.

Written whole or not at all (temporary file, fsync, rename, fsync of the folder), readable by its owner alone.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor

__all__ = ["KeyBundle", "KeyFileExists", "KeyFileMissing", "KeyFileOpenToOthers", "KeyFileUnreadable", "load", "save"]

KeyBundle = dict[str, bytes]

_FORMAT: Final = "rekam/keys/1"
_MAX_BYTES: Final = 1 << 20


class KeyFileMissing(RekamError):
    """There is no key file at {path}. Nothing was changed.
    Point Rekam to the right file, or bring it from the safe; without it this place's data stays closed.
    """


class KeyFileExists(RekamError):
    """There is already a key file at {path}; it was left as it is. Choose another path, or use the keys in it."""


class KeyFileOpenToOthers(RekamError):
    """Other users of this machine can read the key file {path}. It was not used.
    Run: chmod 600 {path}   and, if others use this machine, have new keys made.
    """


class KeyFileUnreadable(RekamError):
    """The key file {path} cannot be read ({reason}). Nothing was changed. Bring its copy from the safe."""


def save(path: Path, keys: Mapping[str, bytes], *, replace: bool = False) -> None:
    """Write `keys` (name to private bytes) to `path`, mode 0600, durably before this returns.

    Raises KeyFileExists when `path` exists and `replace` is not set.
    """
    if path.exists() and not replace:
        raise KeyFileExists(path=path)
    data = cbor.encode({"format": _FORMAT, "keys": dict(keys)})
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _fsync_folder(path.parent)


def load(path: Path) -> KeyBundle:
    """The keys of `path`. Raises KeyFileMissing, KeyFileOpenToOthers, KeyFileUnreadable."""
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise KeyFileOpenToOthers(path=path)
            data = file.read(_MAX_BYTES)
    except FileNotFoundError:
        raise KeyFileMissing(path=path) from None
    except OSError as problem:
        raise KeyFileUnreadable(path=path, reason=problem.strerror) from problem
    return _read(path, data)


def _read(path: Path, data: bytes) -> KeyBundle:
    try:
        bundle: Any = cbor.decode(data)
    except cbor.CborUnreadable as unreadable:
        raise KeyFileUnreadable(path=path, **unreadable.facts) from None
    if not isinstance(bundle, dict) or set(bundle) != {"format", "keys"}:
        raise KeyFileUnreadable(path=path, reason="not a key file")
    if bundle["format"] != _FORMAT:
        raise KeyFileUnreadable(path=path, reason=f"format {bundle['format']}, made by another version")
    keys = bundle["keys"]
    if not isinstance(keys, dict) or not all(isinstance(key, bytes) for key in keys.values()):
        raise KeyFileUnreadable(path=path, reason="its keys")
    return {str(name): key for name, key in keys.items()}


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
