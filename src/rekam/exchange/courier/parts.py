"""Parts of the feed on a stick: those that the carried batches announce, and what came back as a source of parts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rekam.enrolment.errors import RekamError
from rekam.exchange.announced import Announced
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.writing import Content
from rekam.exchange.errors import FeedUnreadable
from rekam.exchange.feed import Batch, EntryKind
from rekam.exchange.filter import FilterUnreadable, open_snapshot
from rekam.exchange.filter_shelf import FILTER
from rekam.exchange.parts import PIECE_BYTES, Part, PartMissing
from rekam.storage.blobs import BlobStore
from rekam.trust.keys import VerifyKey

__all__ = ["CarriedParts", "announced_in", "part_contents"]


def announced_in(batch: Batch) -> list[Announced]:
    """What a batch announces, in its order; what cannot be read is for its follower to refuse."""
    found = []
    for entry in batch.entries:
        if entry.kind == EntryKind.ANNOUNCED:
            try:
                found.append(Announced.from_entry(entry))
            except FeedUnreadable:
                continue
    return found


def part_contents(announced: Sequence[Announced], parts: BlobStore, centre: VerifyKey) -> Iterator[Content]:
    """The parts of `announced` that are here whole, each once: small ones first, a snapshot's shards last."""
    told = set()
    for part in sorted(_parts(announced, parts, centre), key=lambda part: part.size):
        if part.id not in told and parts.has(part.id):
            told.add(part.id)
            yield Content(Item("part", part.id, 0, part.size, ""), _chunks(parts, part))


def _chunks(parts: BlobStore, part: Part) -> Callable[[int], Iterator[bytes]]:
    return lambda offset: parts.chunks(part.id, offset)


def _parts(announced: Iterable[Announced], parts: BlobStore, centre: VerifyKey) -> Iterator[Part]:
    for row in announced:
        yield row.part
        if row.name == FILTER and parts.has(row.part.id):
            with parts.open(row.part.id) as file:
                try:
                    snapshot = open_snapshot(file.read(), centre)
                except FilterUnreadable:  # damaged on this disk: not for handing on
                    continue
            yield from (shard.part for shard in snapshot.shards.values())


@dataclass
class CarriedParts:
    """`PartSource` over what came; whoever fetches proves each part by its digest. `doubted`: part, error."""

    doubted: list[tuple[str, RekamError]] = field(default_factory=list)
    _items: dict[str, tuple[Bundle, Item]] = field(default_factory=dict)
    _read: tuple[str, bytes] = ("", b"")

    def add(self, bundle: Bundle, item: Item) -> None:
        """A part that lies in `bundle`."""
        self._items[item.sha256] = (bundle, item)

    def part(self, part_id: str, offset: int) -> bytes:
        if part_id not in self._items:
            raise PartMissing(part_id=part_id, place="-")
        if self._read[0] != part_id:
            bundle, item = self._items[part_id]
            try:
                self._read = (part_id, bundle.read(item))
            except RekamError as error:
                self.doubted.append((part_id, error))
                del self._items[part_id]
                raise PartMissing(part_id=part_id, place="-") from error
        return self._read[1][offset : offset + PIECE_BYTES]
