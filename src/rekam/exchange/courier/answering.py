"""The answer on the same stick: receipts, what was refused, and the feed since the sender's cursor: `write_answer`."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.announced import Announced
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.left_out import LeftOut
from rekam.exchange.courier.manifest import TRIP_BYTES, Manifest
from rekam.exchange.courier.parts import announced_in, part_contents
from rekam.exchange.courier.stick import Stick
from rekam.exchange.courier.writing import Content, Told, of_bytes, write_bundle
from rekam.exchange.feed import FeedSource, office_feed, open_batch
from rekam.exchange.inbox import CertificateChain
from rekam.storage.blobs import BlobStore
from rekam.trust import cbor
from rekam.trust.certificates import Certificate
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["Answer", "Answering", "write_answer"]

_RECEIPTS_AT_ONCE: Final = 500
_PART_BYTES: Final = 64 << 20
"""What is held in memory while an answer is written."""


class GivesReceipts(Protocol):
    """Who holds the receipts that were given here."""

    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]: ...


@dataclass(frozen=True)
class Answering:
    """A place that answers: its own key and certificates, the feed it serves, and the centre's key of that feed.

    `check_reader` raises for a writer, by its certificates, who may not read the feed any more; receipts it gets.
    `parts` holds what the feed announces, None where there is nothing. `settle` returns when all that was read may be
    told: at a centre with a twin, when the twin has it on its disk; raises where it does not, and no file is written.
    """

    place: str
    key: SigningKey
    chain: CertificateChain
    root: VerifyKey
    feed: FeedSource
    centre: VerifyKey
    clock: Clock
    check_reader: Callable[[Sequence[Certificate]], None] = lambda _certificates: None
    parts: BlobStore | None = None
    settle: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Answer:
    """What was written back: files, receipts, and the feed's entries up to `last` (0: none were new).

    `feed_problem`: why the feed did not travel; receipts did all the same.
    """

    files: tuple[str, ...]
    receipts: int
    last: int
    feed_problem: RekamError | None = None


def write_answer(
    answering: Answering,
    holder: GivesReceipts,
    bundle: Bundle,
    refused: Sequence[LeftOut],
    stick: Stick,
    told: Told = lambda _what, _done, _all: None,
    *,
    beside: Sequence[Content] = (),
) -> Answer:
    """Write the answer to `bundle` beside it; an earlier answer to the same file is replaced. `beside`: what is said
    to what came beside packets (`rekam.exchange.courier.hearing`).

    Raises `StickFull`, `StickReadOnly`, `StickGone`, `CopyDamaged`.
    """
    return _Answer(answering, bundle, stick, told).write(holder, refused, beside)


class _Answer:
    def __init__(self, answering: Answering, bundle: Bundle, stick: Stick, told: Told) -> None:
        self._answering, self._bundle, self._stick, self._told = answering, bundle, stick, told
        self._problem: RekamError | None = None
        self._last = 0
        self._announced: list[Announced] = []

    def write(self, holder: GivesReceipts, refused: Sequence[LeftOut], beside: Sequence[Content]) -> Answer:
        packets = [item.sha256 for item in self._bundle.manifest.items if item.kind == "packet"]
        held: list[bytes] = []
        for first in range(0, len(packets), _RECEIPTS_AT_ONCE):
            held.extend(holder.receipts(packets[first : first + _RECEIPTS_AT_ONCE]).values())
        contents = [
            of_bytes("receipts", cbor.encode(some), str(len(some)))
            for first in range(0, len(held), _RECEIPTS_AT_ONCE)
            if (some := held[first : first + _RECEIPTS_AT_ONCE])
        ]
        contents += beside
        if refused:
            said = [[each.number, each.code, each.reason] for each in refused]
            contents.append(of_bytes("refused", cbor.encode(said), str(len(refused))))
        files = [self._put(part, number) for number, part in enumerate(_parts(contents, self._down()), start=1)]
        return Answer(tuple(files), len(held), self._last, self._problem)

    def _down(self) -> Iterator[Content]:
        """Batches, then what they announce."""
        yield from self._batches()
        if self._answering.parts is not None:
            yield from part_contents(self._announced, self._answering.parts, self._answering.centre)

    def _batches(self) -> Iterator[Content]:
        """From the sender's cursor to the feed's end. What keeps the feed from travelling keeps no receipt back."""
        cursor = self._bundle.manifest.cursor
        writer = self._bundle.head.certificates
        office = next(each.subject for each in writer if each.kind == "office")
        try:
            self._answering.check_reader(writer)
            while data := self._answering.feed.after(office_feed(office), cursor):
                batch = open_batch(data, self._answering.centre)
                self._announced += announced_in(batch)
                yield of_bytes("batch", data, f"{batch.first}-{batch.last}")
                cursor = self._last = batch.last
        except RekamError as problem:
            self._problem = problem

    def _put(self, contents: Sequence[Content], number: int) -> str:
        here, asked = self._answering, self._bundle
        here.settle()  # a receipt on a stick is as much of a promise as one over the line
        manifest = Manifest(
            purpose="back",
            trip=hashlib.sha256(asked.head.raw).digest()[:TRIP_BYTES],
            part=number,
            sender=here.place,
            to=asked.manifest.sender,
            chain=here.chain,
            cursor=0,
            at_ms=here.clock.stamp().wall_ms,
            stations=(),
            items=tuple(content.item for content in contents),
        ).packed()
        placed = [Content(item, content.chunks) for item, content in zip(manifest.items, contents, strict=True)]
        folder = asked.path.parent
        return write_bundle(self._stick, folder, manifest, placed, here.key, here.root, told=self._told).name


def _parts(first: list[Content], batches: Iterator[Content]) -> Iterator[list[Content]]:
    """At least one part, so that a courier always brings an answer home."""
    part, filled = first, sum(content.item.size for content in first)
    for batch in batches:
        if part and filled + batch.item.size > _PART_BYTES:
            yield part
            part, filled = [], 0
        part.append(batch)
        filled += batch.item.size
    yield part
