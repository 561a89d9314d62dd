"""The courier is back: each receipt verified as a sender does, the feed applied as a follower does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.errors import BundleForAnother, BundleUnreadable, ForeignBundle
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.out import LeftOut
from rekam.exchange.courier.parts import CarriedParts
from rekam.exchange.courier.stick import Stick
from rekam.exchange.courier.writing import Told
from rekam.exchange.errors import ReceiptWrong
from rekam.exchange.feed import BATCH_ENTRIES, FeedSource
from rekam.exchange.outbox import OutboxStore, ReceiptCheck, Waiting, check_receipt
from rekam.exchange.parts import PartSource
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, WrongKind, peek1
from rekam.trust.keys import VerifyKey
from rekam.trust.receipts import KIND as RECEIPT

__all__ = ["BackReport", "Home", "OutboxTaker", "ReceiptTaker", "courier_receipts"]


class ReceiptTaker(Protocol):
    """Takes in the receipts that one place gave. `key`: that place's."""

    @property
    def key(self) -> VerifyKey: ...

    def take(self, data: bytes, packet_id: str) -> bool:
        """Verify and keep a receipt, which claims to be for `packet_id`; False when it brings nothing new.

        Raises `ReceiptWrong`.
        """


class OutboxTaker:
    """Receipts that take packets off an outbox, believed for nothing less than what a `Sender` asks."""

    def __init__(
        self,
        outbox: OutboxStore,
        key: VerifyKey,
        kind: Literal["custody", "acceptance"],
        check: ReceiptCheck = lambda _receipt: None,
    ) -> None:
        self.key = key
        self._outbox = outbox
        self._kind: Literal["custody", "acceptance"] = kind
        self._check = check
        self._waiting: dict[str, Waiting] | None = None

    def take(self, data: bytes, packet_id: str) -> bool:
        waiting = self._all()
        packet = waiting.get(packet_id)
        if packet is None:
            return False
        check_receipt(packet, data, self.key, kind=self._kind, check=self._check)
        self._outbox.acknowledged(packet.packet_id, data)
        del waiting[packet.packet_id]
        return True

    def _all(self) -> dict[str, Waiting]:
        """What waits, those set aside included: a receipt settles whatever the reason was."""
        if self._waiting is None:
            self._outbox.retry()
            self._waiting = {packet.packet_id: packet for packet in self._outbox.waiting(1 << 31)}
        return self._waiting


@dataclass(frozen=True)
class Home:
    """A sender that courier files come back to. `follow(source)` applies its own feed from `source`, as from the line,
    and returns how many entries took effect; `fetch(source)` then brings the parts that it wants, and returns how many
    bytes came. `heard(receipts)` takes over the receipts of statements, by id, and returns how many were believed.
    """

    place: str
    root: VerifyKey
    takers: Sequence[ReceiptTaker]
    follow: Callable[[FeedSource], int]
    heard: Callable[[Mapping[str, bytes]], int] = lambda _receipts: 0
    fetch: Callable[[PartSource], int] = lambda _source: 0


@dataclass
class BackReport:
    """What came back in all files: receipts that were `taken` and those that were `known` or not of this place,
    `statements` that were heard, feed `entries` that took effect, bytes of `parts` that were wanted and came, what the
    receiver `refused`, and what was not believed (`doubted`: file or item, error, sentence). `feed_problem`: why the
    feed stopped.
    """

    files: tuple[str, ...] = ()
    taken: int = 0
    known: int = 0
    entries: int = 0
    statements: int = 0
    parts: int = 0
    refused: list[LeftOut] = field(default_factory=list)
    doubted: list[LeftOut] = field(default_factory=list)
    passed_over: int = 0
    feed_problem: RekamError | None = None


def courier_receipts(
    home: Home, stick: Stick, paths: Sequence[Path], *, told: Told = lambda _what, _done, _all: None
) -> BackReport:
    """Take in the answers `paths`, in any order and as often as you like.

    A file that cannot be believed is told in `doubted` and the others are read.
    """
    report = BackReport()
    carried, parts = _CarriedFeed(), CarriedParts()
    for path in paths:
        try:
            bundle = _opened(home, stick, path)
        except RekamError as error:
            report.doubted.append(LeftOut.by(path.name, error))
            continue
        report.files += (path.name,)
        for item in bundle.manifest.items:
            if item.kind == "part":
                parts.add(bundle, item)
            else:
                _take(home, bundle, item, carried, report)
            told("read", item.end, bundle.manifest.contents)
    try:
        while applied := home.follow(carried):
            report.entries += applied
    except RekamError as error:
        report.feed_problem = error
    report.parts = home.fetch(parts)
    report.doubted += carried.doubted
    report.doubted += [LeftOut.by(f"part {part_id[:16]}", error) for part_id, error in parts.doubted]
    return report


def _opened(home: Home, stick: Stick, path: Path) -> Bundle:
    bundle = Bundle(stick, path, home.root)
    bundle.require("back")
    writer = bundle.head.certificates[0]
    if writer.kind == "station":
        raise ForeignBundle(path=path.name, reason=f"{writer.subject} gives no receipts")
    if bundle.manifest.to != home.place:
        said = bundle.manifest
        raise BundleForAnother(path=path.name, sender=said.sender, to=said.to, here=home.place)
    return bundle


def _take(home: Home, bundle: Bundle, item: Item, carried: "_CarriedFeed", report: BackReport) -> None:
    try:
        match item.kind:
            case "receipts":
                for data in _listed(bundle, item, bytes):
                    _take_receipt(home, data, report)
            case "refused":
                report.refused += [
                    LeftOut(str(each[0]), str(each[1]), str(each[2]))
                    for each in _listed(bundle, item, list)
                    if len(each) == 3
                ]
            case "heard":
                said = [each for each in _listed(bundle, item, list) if _is_heard(each)]
                report.statements += home.heard({str(each[0]): bytes(each[1]) for each in said})
            case "batch":
                carried.add(bundle, item)
            case _:
                report.passed_over += 1
    except RekamError as error:
        report.doubted.append(LeftOut.by(f"{item.kind} {item.note}", error))


def _take_receipt(home: Home, data: bytes, report: BackReport) -> None:
    try:
        signer = peek1(data, kind=RECEIPT).key_id
        takers = [taker for taker in home.takers if taker.key.key_id == signer]
        if not takers:
            raise ReceiptWrong(packet_id=_claimed(data), reason=f"signed by key {signer.hex()}")
        news = sum(taker.take(data, _claimed(data)) for taker in takers) > 0
    except RekamError as error:
        report.doubted.append(LeftOut.by("receipts", error))
        return
    report.taken += news
    report.known += not news


def _listed(bundle: Bundle, item: Item, kind: type) -> list[Any]:
    try:
        listed = cbor.decode(bundle.read(item))
    except cbor.CborUnreadable as unreadable:
        raise BundleUnreadable(path=bundle.path.name, **unreadable.facts) from None
    if not isinstance(listed, list) or not all(isinstance(each, kind) for each in listed):
        raise BundleUnreadable(path=bundle.path.name, reason=item.kind)
    return listed


def _is_heard(said: Any) -> bool:
    return isinstance(said, list) and len(said) == 2 and isinstance(said[0], str) and isinstance(said[1], bytes)


def _claimed(data: bytes) -> str:
    """The packet a receipt speaks of, before it is verified: to look up what to verify it against."""
    try:
        fields = cbor.decode(peek1(data, kind=RECEIPT).payload)
    except (EnvelopeUnreadable, WrongKind, cbor.CborUnreadable):
        return ""
    return str(fields.get("packet_id", "")) if isinstance(fields, dict) else ""


class _CarriedFeed:
    """`FeedSource` over the batches that came; what its notes say of them is proved by whoever follows."""

    def __init__(self) -> None:
        self._batches: list[tuple[int, int, Bundle, Item]] = []
        self.doubted: list[LeftOut] = []

    def add(self, bundle: Bundle, item: Item) -> None:
        first, _, last = item.note.partition("-")
        if not (first.isdecimal() and last.isdecimal()):
            raise BundleUnreadable(path=bundle.path.name, reason="a batch")
        self._batches.append((int(first), int(last), bundle, item))

    def after(self, feed: str, n: int, limit: int = BATCH_ENTRIES) -> bytes | None:
        """The batch that holds entry `n + 1`; None where no stick brought it, or only a damaged one."""
        del feed, limit
        for first, last, bundle, item in self._batches:
            if first <= n + 1 <= last:
                try:
                    return bundle.read(item)
                except RekamError as error:
                    self.doubted.append(LeftOut.by(f"batch {item.note}", error))
        return None
