"""Stored packets are read again, little by little, for ever: a disk that forgets is found out early: `Scrubber`."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobDamaged, BlobMissing, StorageError

__all__ = ["Damage", "Held", "InMemoryScrubBook", "ScrubBook", "Scrubbed", "Scrubber"]

_LOOK_AHEAD = 64

Held = Callable[[str, int], Sequence[str]]
"""`held(after, limit)`: the blobs that must lie here, by id in ascending order, those after `after` only."""


@dataclass(frozen=True)
class Damage:
    """A blob that should lie here sound and does not; `code`: ``BlobDamaged`` or ``BlobMissing``."""

    blob_id: str
    code: str


@dataclass(frozen=True)
class Scrubbed:
    """What one step did: blobs read again, their bytes, what was found, and whether it closed a pass over all."""

    blobs: int = 0
    read: int = 0
    damaged: tuple[Damage, ...] = ()
    finished: bool = False


class ScrubBook(Protocol):
    """Where the reading stands and what it found. Adapters: `InMemoryScrubBook`, `PgScrubBook`, the station's own."""

    def position(self) -> str:
        """The last blob of the current pass that was read; empty at its beginning."""

    def note(self, position: str, sound: Sequence[str], damaged: Sequence[Damage], *, finished: bool) -> None:
        """Move on and keep what was found, in one durable transaction. A blob that is sound again is damaged no more;
        `finished` closes the pass, and the next one begins.
        """

    def damaged(self) -> list[Damage]:
        """All that is damaged as far as it is known, by id."""

    def restored(self, blob_id: str) -> None:
        """The blob was brought again and is sound."""

    def passes(self) -> int:
        """How often all blobs were read through."""


class InMemoryScrubBook:
    """`ScrubBook` in memory, for simulations and tests."""

    def __init__(self) -> None:
        self._position = ""
        self._damaged: dict[str, Damage] = {}
        self._passes = 0

    def position(self) -> str:
        """See `ScrubBook`."""
        return self._position

    def note(self, position: str, sound: Sequence[str], damaged: Sequence[Damage], *, finished: bool) -> None:
        """See `ScrubBook`."""
        for blob_id in sound:
            self._damaged.pop(blob_id, None)
        self._damaged |= {each.blob_id: each for each in damaged}
        self._position = "" if finished else position
        self._passes += finished

    def damaged(self) -> list[Damage]:
        """See `ScrubBook`."""
        return sorted(self._damaged.values(), key=lambda each: each.blob_id)

    def restored(self, blob_id: str) -> None:
        """See `ScrubBook`."""
        self._damaged.pop(blob_id, None)

    def passes(self) -> int:
        """See `ScrubBook`."""
        return self._passes


class Scrubber:
    """Reads the blobs of one store again and sets aside what is not what its name says.

    A damaged file is moved, never deleted: its place is then free for the same bytes from another place, which the
    ordinary way in brings (`Inbox` counts it as lacking). A file is read twice before it is called damaged.
    """

    def __init__(self, blobs: BlobStore, held: Held, book: ScrubBook) -> None:
        self._blobs = blobs
        self._held = held
        self._book = book

    def step(self, budget_bytes: int) -> Scrubbed:
        """Read on until `budget_bytes` are spent or the pass is over; at least one blob, where there is one."""
        position = self._book.position()
        waiting = self._held(position, _LOOK_AHEAD)
        finished = len(waiting) < _LOOK_AHEAD
        sound: list[str] = []
        damaged: list[Damage] = []
        read = 0
        for number, blob_id in enumerate(waiting):
            found = self._examine(blob_id)
            position = blob_id
            if found is None:
                sound.append(blob_id)
                with suppress(BlobMissing):  # purged meanwhile
                    read += self._blobs.size(blob_id)
            else:
                damaged.append(found)
            if read >= budget_bytes:
                finished = finished and number == len(waiting) - 1
                break
        if waiting or position:
            self._book.note(position, sound, damaged, finished=finished)
        return Scrubbed(len(sound) + len(damaged), read, tuple(damaged), finished)

    def _examine(self, blob_id: str) -> Damage | None:
        """None when it is sound, or is no longer meant to be here."""
        if self._fault(blob_id) is None:
            return None
        fault = self._fault(blob_id)
        if fault is None or blob_id not in self._held(_before(blob_id), 1):
            return None
        if fault is BlobDamaged:
            self._blobs.set_aside(blob_id)
        return Damage(blob_id, fault.__name__)

    def _fault(self, blob_id: str) -> type[StorageError] | None:
        try:
            self._blobs.verify(blob_id)
        except BlobMissing:
            return BlobMissing
        except (BlobDamaged, OSError):  # a bad sector answers with EIO
            return BlobDamaged
        return None


def _before(blob_id: str) -> str:
    """A text that sorts before `blob_id` and after every id before it."""
    return f"{int(blob_id, 16) - 1:064x}" if int(blob_id, 16) else ""
