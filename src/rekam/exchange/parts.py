"""Large things on their way down: content-addressed parts, fetched piece by piece and resumed where a line was cut."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rekam.exchange.errors import ExchangeError, FeedUnreadable
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobDamaged

__all__ = ["PIECE_BYTES", "Part", "PartFetcher", "PartMissing", "PartSource", "PartTooLong", "StoredParts"]

PIECE_BYTES: Final = 64 * 1024
"""One answer; four seconds at 128 kbit/s, so that a packet that was just saved never waits long behind a part."""
_LARGEST: Final = 64 << 20
"""The largest regency has some six million residents, which is a filter shard of 7 MB."""


class PartMissing(ExchangeError):
    """Part {part_id} is not at {place} (yet). Nothing was changed; what is in force here stays in force.
    It is asked for again by itself.
    """


class PartTooLong(ExchangeError):
    """Part {part_id} was announced with {size} bytes and came with more. It was thrown away; what is in force here
    stays in force. It is fetched again by itself; report it if it comes back.
    """


@dataclass(frozen=True)
class Part:
    """A file that a feed entry announced: `id` is the SHA-256 of its bytes in hex, `size` their number."""

    id: str
    size: int

    def to_map(self) -> dict[str, Any]:
        """As an entry's body says it: {id: 32 bytes, size}."""
        return {"id": bytes.fromhex(self.id), "size": self.size}

    @classmethod
    def from_map(cls, fields: Any) -> "Part":
        """The inverse. Raises `FeedUnreadable` for anything else, for nothing, and for more than 64 MiB."""
        match fields:
            case {"id": bytes() as name, "size": int() as size, **rest} if not rest:
                if len(name) == 32 and 0 < size <= _LARGEST:
                    return cls(name.hex(), size)
        raise FeedUnreadable(reason="a part")


class PartSource(Protocol):
    """Where parts come from: every `Remote` is one, and so are `StoredParts` and a courier's stick."""

    def part(self, part_id: str, offset: int) -> bytes:
        """Up to `PIECE_BYTES` of the part from `offset` on. Raises `PartMissing`."""


class StoredParts:
    """The finished parts of a store as a `PartSource`; `place` is who has them. Unfinished ones are not given out."""

    def __init__(self, store: BlobStore, place: str) -> None:
        self._store = store
        self._place = place

    def part(self, part_id: str, offset: int) -> bytes:
        if not self._store.has(part_id):
            raise PartMissing(part_id=part_id, place=self._place)
        with self._store.open(part_id) as file:
            file.seek(offset)
            return file.read(PIECE_BYTES)


class PartFetcher:
    """Brings parts from a source into a store. Nothing of a part counts before its digest was checked and its name is
    durable; what has come of it stays, and the next round goes on from there.
    """

    def __init__(self, store: BlobStore, source: PartSource) -> None:
        self._store = store
        self._source = source

    def run_once(self, wanted: Iterable[Part], enough: Callable[[], bool]) -> int:
        """Fetch of `wanted`, in its order, until `enough()` says so after a piece; return how many bytes came.

        A part that the source lacks, or that came damaged, delays none of the others; the first such error is raised
        when all were tried. `RemoteUnreachable` and the like end the round at once.
        """
        fetched, trouble = 0, None
        for part in wanted:
            if self._store.has(part.id):
                continue
            try:
                for size in self._pieces(part):
                    fetched += size
                    if enough():
                        return fetched
            except (PartMissing, PartTooLong, BlobDamaged) as error:
                trouble = trouble or error
        if trouble is not None:
            raise trouble
        return fetched

    def _pieces(self, part: Part) -> Iterator[int]:
        offset = self._store.offset(part.id)
        while offset < part.size:
            piece = self._source.part(part.id, offset)
            if not piece:  # it ends before the size that was announced
                raise PartMissing(part_id=part.id, place="-")
            self._refuse_longer(part, offset + len(piece))
            offset = self._store.append(part.id, offset, piece)
            yield len(piece)
        self._refuse_longer(part, offset)
        self._store.finish(part.id)

    def _refuse_longer(self, part: Part, reached: int) -> None:
        if reached > part.size:
            self._store.discard(part.id)
            raise PartTooLong(part_id=part.id, size=part.size)
