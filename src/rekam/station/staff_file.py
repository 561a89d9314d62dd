"""`operators.cbor`: everybody who was ever added to this station, one entry a name, written whole or not at all.

An entry: ``name``, ``role``; ``chain`` and ``slot`` of who may sign in; ``barred`` as [by, at] of who left, with
``stopped`` where that was the office's word (see `key_stops`); ``asked`` while a new key waits for the office (see
`key_requests`); ``answered``, the digest of the last request that ended, and ``refused`` with its reason where the
office said no; ``ends``, the certificates of this name's keys that sign nothing any more, each with why (see
`key_ends`).
"""

import threading
from pathlib import Path
from typing import Any

from rekam.storage.whole_file import write_whole
from rekam.trust import cbor

__all__ = ["Entry", "StaffFile", "ended"]

Entry = dict[str, Any]


def ended(entry: Entry, why: str) -> Entry:
    """What `entry` says besides, once the key that it holds signs nothing any more."""
    return {"ends": [*entry.get("ends", []), [list(entry["chain"]), why]]}


class StaffFile:
    """`one_at_a_time` is held by whoever reads, decides and writes; guesses sent together would be counted as one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.one_at_a_time = threading.RLock()

    def read(self) -> dict[str, Entry]:
        """By subject; empty where there is no file."""
        found: dict[str, Entry] = cbor.decode(self.path.read_bytes()) if self.path.exists() else {}
        return found

    def put(self, subject: str, entry: Entry) -> None:
        """Durable when it returns."""
        write_whole(self.path, cbor.encode({**self.read(), subject: entry}))

    def remove(self, subject: str) -> None:
        """For a name that never came to be one."""
        write_whole(self.path, cbor.encode({name: entry for name, entry in self.read().items() if name != subject}))
