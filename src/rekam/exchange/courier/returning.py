"""The courier is back: each receipt verified as a sender does, the feed applied as a follower does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.corrections import PARCEL as CORRECTIONS
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.carried_feed import CarriedFeed
from rekam.exchange.courier.corrections import first_of
from rekam.exchange.courier.days import days_known_in
from rekam.exchange.courier.errors import BundleForAnother, BundleUnreadable, ForeignBundle
from rekam.exchange.courier.left_out import LeftOut
from rekam.exchange.courier.letters import letters_answered_in
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.parts import CarriedParts
from rekam.exchange.courier.rolls import ANSWERED, roll_answered_in
from rekam.exchange.courier.stick import Stick
from rekam.exchange.courier.takers import ReceiptTaker
from rekam.exchange.courier.writing import Told
from rekam.exchange.errors import ReceiptWrong
from rekam.exchange.feed import FeedSource
from rekam.exchange.parts import PartSource
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, WrongKind, peek1
from rekam.trust.keys import VerifyKey
from rekam.trust.receipts import KIND as RECEIPT

__all__ = ["BackReport", "Home", "courier_receipts"]


@dataclass(frozen=True)
class Home:
    """A sender that courier files come back to. `follow(source)` applies its own feed from `source`, as from the line,
    and returns how many entries took effect; `fetch(source)` then brings the parts that it wants, and returns how many
    bytes came. `heard(receipts)` takes over the receipts of statements, by id, and returns how many were believed;
    `days_known(by, n)` is told the number of the newest word on a day that `by` says it holds; `letters(digest, word)`
    takes the office's answer to the sealed report of letters of that SHA-256, and returns of how many numbers it took
    note; `corrections(parcel)` takes one parcel of corrected biodata, and returns how many took effect;
    `key_stop(word)` hears whose keys the office stopped (`rekam.exchange.key_stop`); `rolled(asked, answer)` takes the
    signed answer to a roll call, and returns how many packets the next place has lost, which wait again.
    """

    place: str
    root: VerifyKey
    takers: Sequence[ReceiptTaker]
    follow: Callable[[FeedSource], int]
    heard: Callable[[Mapping[str, bytes]], int] = lambda _receipts: 0
    fetch: Callable[[PartSource], int] = lambda _source: 0
    days_known: Callable[[str, int], None] = lambda _by, _n: None
    letters: Callable[[bytes, bytes], int] = lambda _digest, _word: 0
    corrections: Callable[[bytes], int] = lambda _parcel: 0
    key_stop: Callable[[bytes], object] = lambda _word: None
    rolled: Callable[[Sequence[str], bytes], int] = lambda _asked, _answer: 0


@dataclass
class BackReport:
    """What came back in all files: receipts that were `taken` and those that were `known` or not of this place,
    `statements` that were heard, numbers of `letters` that were noted, `corrections` of biodata and feed `entries`
    that took effect, bytes of `parts` that were wanted and came, packets that the receiver has `lost` and that wait
    again, what it `refused`, and what was not believed (`doubted`: file or item, error, sentence). `feed_problem`: why
    the feed stopped.
    """

    files: tuple[str, ...] = ()
    taken: int = 0
    known: int = 0
    entries: int = 0
    statements: int = 0
    letters: int = 0
    corrections: int = 0
    parts: int = 0
    lost: int = 0
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
    carried, parts = CarriedFeed(), CarriedParts()
    corrected: list[tuple[Bundle, Item]] = []
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
            elif item.kind == CORRECTIONS:
                corrected.append((bundle, item))
            else:
                _take(home, bundle, item, carried, report)
            told("read", item.end, bundle.manifest.contents)
    for bundle, item in sorted(corrected, key=lambda each: first_of(each[1])):  # files come in any order
        try:
            report.corrections += home.corrections(bundle.read(item))
        except RekamError as error:
            report.doubted.append(LeftOut.by(f"{item.kind} {item.note}", error))
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


def _take(home: Home, bundle: Bundle, item: Item, carried: "CarriedFeed", report: BackReport) -> None:
    try:
        match item.kind:
            case "receipts":
                for data in _listed(bundle, item, bytes):
                    _take_receipt(home, data, report)
            case "refused":
                report.refused += _refused_in(bundle, item)
            case "batch":
                carried.add(bundle, item)
            case kind if kind in _WORDS:
                _WORDS[kind](home, bundle, item, report)
            case _:
                report.passed_over += 1
    except RekamError as error:
        report.doubted.append(LeftOut.by(f"{item.kind} {item.note}", error))


def _heard(home: Home, bundle: Bundle, item: Item, report: BackReport) -> None:
    said = [each for each in _listed(bundle, item, list) if _is_heard(each)]
    report.statements += home.heard({str(each[0]): bytes(each[1]) for each in said})


def _days_known(home: Home, bundle: Bundle, item: Item, _report: BackReport) -> None:
    home.days_known(bundle.manifest.sender, days_known_in(bundle, item))


def _letters(home: Home, bundle: Bundle, item: Item, report: BackReport) -> None:
    report.letters += home.letters(*letters_answered_in(bundle, item))


def _rolled(home: Home, bundle: Bundle, item: Item, report: BackReport) -> None:
    report.lost += home.rolled(*roll_answered_in(bundle, item))


def _key_stop(home: Home, bundle: Bundle, item: Item, _report: BackReport) -> None:
    home.key_stop(bundle.read(item))


_WORDS: Final = {
    "heard": _heard,
    "days-known": _days_known,
    "letters": _letters,
    ANSWERED: _rolled,
    "key-stop": _key_stop,
}
"""What an answer says beside receipts and the feed, by kind."""


def _refused_in(bundle: Bundle, item: Item) -> list[LeftOut]:
    said = (each for each in _listed(bundle, item, list) if len(each) == 3)
    return [LeftOut(str(number), str(code), str(reason)) for number, code, reason in said]


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
    listed = bundle.decoded(item)
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
