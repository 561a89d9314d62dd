"""What the feed announces and parts carry: names with versions, of which a lower never follows a higher."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from rekam.exchange.errors import FeedUnreadable
from rekam.exchange.feed import Entry
from rekam.exchange.parts import Part
from rekam.trust import cbor

__all__ = ["Announced", "AnnouncedStore", "InMemoryAnnounced", "OnceARound", "Shelf", "newest_of"]

_LONGEST_NAME = 60


@dataclass(frozen=True)
class Announced:
    """Version `version` (from 1) of `name`, which is the content of `part`: ``filter`` 3, ``codelists`` 2."""

    name: str
    version: int
    part: Part

    def to_body(self) -> bytes:
        """The body of a feed entry of kind ``announced``: CBOR {name, version, part: {id, size}}."""
        return cbor.encode({"name": self.name, "version": self.version, "part": self.part.to_map()})

    @classmethod
    def from_entry(cls, entry: Entry) -> "Announced":
        """The inverse. Raises `FeedUnreadable`."""
        try:
            fields: Any = cbor.decode(entry.body)
        except cbor.CborUnreadable as error:
            raise FeedUnreadable(reason=f"entry {entry.n}") from error
        match fields:
            case {"name": str() as name, "version": int() as version, "part": part, **rest} if not rest:
                if 0 < len(name) <= _LONGEST_NAME and version > 0:
                    return cls(name, version, Part.from_map(part))
        raise FeedUnreadable(reason=f"entry {entry.n}")


class AnnouncedStore(Protocol):
    """What was announced here. Adapters: `InMemoryAnnounced`, `PgAnnounced`, the station's own.

    Each has a `note` too, which joins its place's transaction: the feed's entry takes effect together with the cursor.
    A version that is not higher than all of its name leaves no trace (never 18); rows never change.
    """

    def known(self) -> Sequence[Announced]:
        """Everything, by name, then by version."""


class OnceARound:
    """An `AnnouncedStore` that all shelves of a place look into: inside of `held` it is read once, outside always.

    Whoever asks from another thread meanwhile is told the same: what the round began with. Blocks do not nest.
    """

    def __init__(self, inner: AnnouncedStore) -> None:
        self._inner = inner
        self._rows: Sequence[Announced] | None = None
        self._holding = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """A round: shelves are asked what they want, told that it came, and sweep."""
        self._rows, self._holding = None, True
        try:
            yield
        finally:
            self._rows, self._holding = None, False

    def known(self) -> Sequence[Announced]:
        rows = self._rows if self._holding else None
        if rows is None:
            rows = self._rows = self._inner.known()
        return rows


class Shelf(Protocol):
    """One kind of announced things as it stands here: what is in force follows from what was announced and which parts
    are here, so there is no moment at which a crash could leave the two apart.
    """

    def wanted(self) -> Iterable[Part]:
        """What should be fetched next, most useful first; parts that are here may be among it."""

    def arrived(self) -> None:
        """Parts came or went: whatever was remembered of them is looked at anew."""

    def sweep(self) -> int:
        """Remove the parts that something newer, complete and sound has replaced; how many went."""


class InMemoryAnnounced:
    """`AnnouncedStore` in memory."""

    def __init__(self) -> None:
        self._rows: list[Announced] = []
        self._lock = threading.Lock()

    def note(self, announced: Announced) -> bool:
        """Whether it was news."""
        with self._lock:
            newest = newest_of(self._rows, announced.name)
            news = newest is None or newest.version < announced.version
            if news:
                self._rows.append(announced)
            return news

    def known(self) -> Sequence[Announced]:
        return sorted(self._rows, key=lambda row: (row.name, row.version))


def newest_of(rows: Iterable[Announced], name: str) -> Announced | None:
    """The highest version of `name` among `rows`, None where there is none."""
    return max((row for row in rows if row.name == name), key=lambda row: row.version, default=None)
