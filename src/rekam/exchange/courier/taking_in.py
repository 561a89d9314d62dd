"""A bundle arrives: every packet through the inbox as if it had come over the line: `courier_in`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.courier.answering import Answer, Answering, write_answer
from rekam.exchange.courier.bundle import Bundle, Ending
from rekam.exchange.courier.errors import (
    BundleForAnother,
    ItemDamaged,
    ItemTorn,
    ItemUnreadable,
    StickGone,
)
from rekam.exchange.courier.hearing import Ears, Hearing
from rekam.exchange.courier.left_out import LeftOut
from rekam.exchange.courier.manifest import ANY, Item
from rekam.exchange.courier.stick import Stick, stick_told
from rekam.exchange.courier.writing import Told
from rekam.exchange.errors import PacketRefused, UploadTooLarge
from rekam.exchange.remote import REFUSALS
from rekam.storage.errors import BlobDamaged, OffsetMismatch
from rekam.trust.certificates import Certificate

__all__ = ["Destination", "InReport", "TakesIn", "courier_in"]

_ASKED_AT_ONCE: Final = 500
_OF_ITS_OWN: tuple[type[RekamError], ...] = (
    ItemTorn,
    ItemDamaged,
    ItemUnreadable,
    PacketRefused,
    UploadTooLarge,
    *REFUSALS,
)


class TakesIn(Protocol):
    """The part of a `Remote` that packets go through: here and over the line the very same inbox."""

    def lacking(self, packet_ids: Sequence[str]) -> dict[str, int]: ...
    def offset(self, packet_id: str) -> int: ...
    def append(self, packet_id: str, offset: int, data: bytes) -> int: ...
    def complete(self, packet_id: str, chain: Sequence[bytes]) -> bytes: ...
    def receipts(self, packet_ids: Sequence[str]) -> dict[str, bytes]: ...


@dataclass(frozen=True)
class Destination:
    """A place that takes bundles in: an office or the centre. `admits` tells whether a writer, by its certificates,
    may bring packets here, as over the line; `answering` is how it answers on the same stick; `ears` hear what is said
    beside packets.
    """

    inbox: TakesIn
    admits: Callable[[Sequence[Certificate]], bool]
    answering: Answering
    ears: Ears = field(default_factory=Ears)


@dataclass(frozen=True)
class InReport:
    """What became of one file: of `listed` packets, `taken` are new here, `known` were here, `refused` were not taken;
    `statements`, `day_words` and reported numbers of `letters` were heard.

    `ending`: "whole", "torn" or "more"; `passed_over`: items of kinds this version does not know; `stopped_by`: why the
    rest was not looked at; `answer`: what was written back, or `answer_problem`: why it was not.
    """

    file: str
    sender: str
    trip: str
    part: int
    listed: int
    ending: Ending
    taken: int = 0
    known: int = 0
    statements: int = 0
    day_words: int = 0
    letters: int = 0
    bytes: int = 0
    passed_over: int = 0
    refused: tuple[LeftOut, ...] = ()
    stopped_by: RekamError | None = None
    answer: Answer | None = None
    answer_problem: RekamError | None = None

    @property
    def waiting(self) -> int:
        """Packets that nothing was said of: the stick was pulled out, or this place could take no more."""
        refused = sum(each.kind == "packet" for each in self.refused)
        return self.listed - self.taken - self.known - refused


def courier_in(
    destination: Destination, stick: Stick, path: Path, *, told: Told = lambda _what, _done, _all: None
) -> InReport:
    """Take in the file `path`, and write receipts and feed beside it. Again: nothing changes, the answer is renewed.

    Raises what opening a `Bundle` raises, `AnswerInstead` and `BundleForAnother`: then nothing was taken in.
    """
    bundle = Bundle(stick, path, destination.answering.root)
    bundle.require("out")
    manifest, here = bundle.manifest, destination.answering.place
    writer = bundle.head.certificates
    if manifest.to not in {here, ANY} or not destination.admits(writer):
        to = manifest.to if manifest.to not in {here, ANY} else writer[-1].subject
        raise BundleForAnother(path=path.name, sender=manifest.sender, to=to, here=here)
    packets = [item for item in manifest.items if item.kind == "packet"]
    said = [item for item in manifest.items if destination.ears.hears(item)]
    report = InReport(
        file=path.name,
        sender=manifest.sender,
        trip=manifest.trip.hex(),
        part=manifest.part,
        listed=len(packets),
        ending=bundle.ending(),
        passed_over=len(manifest.items) - len(packets) - len(said),
    )
    taking = _TakingIn(destination, bundle, stick, told)
    report = taking.run(said, packets, report)
    try:
        beside = taking.hearing.contents()
        answer = write_answer(
            destination.answering, destination.inbox, bundle, report.refused, stick, told, beside=beside
        )
    except RekamError as problem:
        return replace(report, answer_problem=problem)
    return replace(report, answer=answer)


class _TakingIn:
    def __init__(self, destination: Destination, bundle: Bundle, stick: Stick, told: Told) -> None:
        self._inbox, self._bundle, self._stick, self._told = destination.inbox, bundle, stick, told
        self.hearing = Hearing(destination.ears, bundle, destination.answering.check_reader)
        self._refused: list[LeftOut] = []
        self._taken = self._known = self._bytes = 0

    def run(self, said: Sequence[Item], packets: Sequence[Item], report: InReport) -> InReport:
        problem = None
        try:
            for item in said:
                self.hearing.take(item)
            for first in range(0, len(packets), _ASKED_AT_ONCE):
                self._some(packets[first : first + _ASKED_AT_ONCE])
        except RekamError as error:
            problem = error
        return replace(
            report,
            taken=self._taken,
            known=self._known,
            statements=self.hearing.statements,
            day_words=self.hearing.day_words,
            letters=self.hearing.letters,
            bytes=self._bytes,
            refused=(*self.hearing.refused, *self._refused),
            stopped_by=problem,
        )

    def _some(self, packets: Sequence[Item]) -> None:
        lacking = self._inbox.lacking([item.sha256 for item in packets])
        for item in packets:
            if item.sha256 not in lacking:
                self._known += 1
            else:
                self._one(item, lacking[item.sha256])
            self._told("read", item.end, self._bundle.manifest.contents)

    def _one(self, item: Item, offset: int) -> None:
        try:
            self._hand_over(item, offset)
        except _OF_ITS_OWN as error:
            if isinstance(error, ItemUnreadable):
                self._require_stick()
            self._refused.append(LeftOut.by(item.note, error))
        else:
            self._taken += 1
            self._bytes += item.size

    def _hand_over(self, item: Item, offset: int) -> None:
        try:
            self._upload(item, offset)
        except (OffsetMismatch, BlobDamaged):
            # somebody sends the same packet over the line, or what came over the line was no good: once more
            try:
                self._upload(item, self._inbox.offset(item.sha256))
            except BlobDamaged as error:
                raise ItemDamaged(name=item.note) from error

    def _upload(self, item: Item, offset: int) -> None:
        for chunk in self._bundle.chunks(item, offset):
            offset = self._inbox.append(item.sha256, offset, chunk)
        self._inbox.complete(item.sha256, self._bundle.manifest.stations[item.station])

    def _require_stick(self) -> None:
        """One bad sector is one packet's trouble; a stick that was pulled out ends the reading."""
        path = self._bundle.path
        with stick_told(path):
            if self._stick.size(path) is None:
                raise StickGone(path=path.parent, reason="it was pulled out")
