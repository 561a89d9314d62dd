"""A centre whose log can lie: it signs whatever it is told to, as only the holder of its key can."""

import hashlib

from rekam.exchange.log import ORIGIN, InMemoryLog, NoSuchTile
from rekam.trust.keys import SigningKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import Note

KEY = SigningKey(b"\x07" * 32)
STRANGER = SigningKey(b"\x08" * 32)


def entry(number: int, story: str = "") -> bytes:
    return hashlib.sha256(f"{story}{number}".encode()).digest()


def history(size: int, *, story: str = "", since: int = 0) -> InMemoryLog:
    """A log of `size` entries; from position `since` on it tells `story` instead of the true one."""
    log = InMemoryLog(KEY)
    for number in range(size):
        log.append(entry(number, story if number >= since else ""))
    return log


def without(size: int, dropped: int) -> InMemoryLog:
    """A log from which one entry was dropped."""
    log = InMemoryLog(KEY)
    for number in range(size):
        if number != dropped:
            log.append(entry(number))
    return log


class Shown:
    """`LogSource` of whatever log the centre shows now; `fails` is raised instead, tiles in `hidden` are missing."""

    def __init__(self, log: InMemoryLog) -> None:
        self.log = log
        self.fails: Exception | None = None
        self.note: Note | None = None
        self.hidden: set[str] = set()
        self.garbled = False

    def checkpoint(self) -> Note:
        if self.fails:
            raise self.fails
        return self.note or self.log.checkpoint()

    def tile(self, tile):
        if tile.path in self.hidden:
            raise NoSuchTile(tile.path)
        content = self.log.tile(tile)
        return content[::-1] if self.garbled else content


def signed(size: int, root: bytes, key: SigningKey = KEY) -> Note:
    return Checkpoint(ORIGIN, size, root).signed(key)
