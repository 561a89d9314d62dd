"""Up by courier: what waits at a place, written to a stick, oldest first: `courier_out`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.corrections import PARCEL
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.corrections import SealedQuestion, question_content
from rekam.exchange.courier.days import DAY_WORD, SealedWord, day_word_content
from rekam.exchange.courier.errors import StickFull
from rekam.exchange.courier.frame import FILE_LIMIT
from rekam.exchange.courier.left_out import LeftOut
from rekam.exchange.courier.letters import LETTERS, SealedReport, letters_content
from rekam.exchange.courier.manifest import TRIP_BYTES, Item, Manifest
from rekam.exchange.courier.packing import FRAME_BYTES, fitting, in_parts
from rekam.exchange.courier.rolls import ASKED, roll_asked_contents
from rekam.exchange.courier.stick import Stick, stick_told
from rekam.exchange.courier.writing import PART, Content, Told, of_bytes, write_bundle
from rekam.exchange.inbox import CertificateChain
from rekam.exchange.key_end import KEY_END
from rekam.exchange.outbox import Waiting
from rekam.exchange.statements import SignedStatement
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import BlobDamaged, BlobMissing
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey, VerifyKey
from rekam.trust.random import Random

__all__ = ["Origin", "OutReport", "bundles_on", "courier_out"]

_MARGIN: Final = 1 << 20
"""Left free on the stick: its folders and the answer need room."""


@dataclass(frozen=True)
class Origin:
    """A place that sends by courier: a station or an office, with its own key and certificates.

    `waiting(to)` tells what waits for that place, oldest first; `cursor` the last entry of the feed applied here;
    `statements(to)` what else this place has to say there (`rekam.exchange.statements`); `day_words(to)` the sealed
    words on its days that are not known to be there, in their order (`rekam.exchange.day_words`); `letters(to)` the
    sealed report of its numbers of letters (`rekam.exchange.letters`), None where nobody there wants it;
    `corrections(to)` its sealed question for corrected biodata (`rekam.exchange.corrections`); `key_ends(to)` its words
    on people's keys that ended (`rekam.exchange.key_end`), which hold nothing secret; `kept(to)` the ids of packets
    that it acknowledged and that are kept here: it is asked whether it holds them.
    """

    place: str
    key: SigningKey
    chain: CertificateChain
    root: VerifyKey
    waiting: Callable[[str], list[Waiting]]
    blobs: BlobStore
    cursor: Callable[[], int]
    clock: Clock
    random: Random
    statements: Callable[[str], Sequence[SignedStatement]] = lambda _to: ()
    day_words: Callable[[str], Sequence[SealedWord]] = lambda _to: ()
    letters: Callable[[str], SealedReport | None] = lambda _to: None
    corrections: Callable[[str], SealedQuestion | None] = lambda _to: None
    key_ends: Callable[[str], Sequence[bytes]] = lambda _to: ()
    kept: Callable[[str], Sequence[str]] = lambda _to: ()


@dataclass(frozen=True)
class OutReport:
    """What lies on the stick now: `packets`, `statements`, `day_words` and reported numbers of `letters` written in
    this run (`bytes` of all contents), and the packets that were `already` there before, whole.

    `left`: packets that wait and found no room; `left_out`: those that cannot travel, with the reason. Nothing counts
    as delivered before receipts came back.
    """

    to: str
    files: tuple[str, ...] = ()
    packets: int = 0
    statements: int = 0
    day_words: int = 0
    letters: int = 0
    bytes: int = 0
    already: int = 0
    left: int = 0
    left_out: tuple[LeftOut, ...] = ()


def courier_out(
    origin: Origin,
    stick: Stick,
    folder: Path,
    *,
    to: str,
    max_bytes: int | None = None,
    file_limit: int = FILE_LIMIT,
    told: Told = lambda _what, _done, _all: None,
) -> OutReport:
    """Write what waits for `to` into `folder` on the stick; a file that was begun there is finished first.

    Raises `StickFull` when not one packet fits, `StickReadOnly`, `StickGone`, `CopyDamaged`; running it again goes on
    from there. Marks nothing as delivered.
    """
    return _Errand(origin, stick, folder, to, file_limit, told).run(max_bytes)


class _Errand:
    def __init__(self, origin: Origin, stick: Stick, folder: Path, to: str, file_limit: int, told: Told) -> None:
        self._origin, self._stick, self._folder = origin, stick, folder
        self._to, self._file_limit, self._told = to, file_limit, told
        said = [*map(_content, origin.statements(to)), *map(day_word_content, origin.day_words(to))]
        if (letters := origin.letters(to)) is not None:
            said.append(letters_content(letters))
        if (question := origin.corrections(to)) is not None:
            said.append(question_content(question))
        said += [of_bytes(KEY_END, word, "") for word in origin.key_ends(to)]
        said += roll_asked_contents(origin.kept(to))
        self._said = {each.item.sha256: each for each in said}
        self._files: list[str] = []
        self._written: dict[str, Item] = {}
        self._bytes = 0

    def run(self, max_bytes: int | None) -> OutReport:
        waiting = self._origin.waiting(self._to)
        trip, part = self._finish_what_was_begun() or (self._origin.random.bytes(TRIP_BYTES), 1)
        on_stick, cursors = self._whole_on_stick({packet.packet_id for packet in waiting} | self._said.keys())
        said = [each.item for sha256, each in self._said.items() if sha256 not in on_stick]
        here = [packet for packet in waiting if packet.packet_id not in on_stick]
        sound, left_out = self._sound(here)
        words = sum(item.size for item in said)  # they stand in the first file; a question alone has half a megabyte
        room, file_limit = max(0, self._room(max_bytes) - words), self._file_limit - words
        chosen = fitting(sound, room, file_limit)
        pressing = [item for item in said if not _rides_along(item)]
        if not chosen and sound and not on_stick and not pressing:
            raise StickFull(path=self._folder, wanted=sound[0].size, free=room)
        parts = list(in_parts(chosen, file_limit))
        if not parts and (pressing or (not on_stick and self._origin.cursor() not in cursors)):
            parts = [[]]  # a file without packets asks for receipts and the feed, which come back on the same stick
        for number, packets in enumerate(parts, part):
            self._write(packets, said if number == part else [], trip, number)
        written = [item.kind for item in self._written.values()]
        return OutReport(
            to=self._to,
            files=tuple(self._files),
            packets=written.count("packet"),
            statements=written.count("statement"),
            day_words=written.count(DAY_WORD),
            letters=sum(int(item.note) for item in self._written.values() if item.kind == LETTERS),
            bytes=self._bytes,
            already=len(on_stick - self._written.keys() - self._said.keys()),
            left=len(sound) - len(chosen),
            left_out=tuple(left_out),
        )

    def _finish_what_was_begun(self) -> tuple[bytes, int] | None:
        """Complete an unfinished file of ours; returns its trip and the next part's number, None where none was."""
        for path in self._listed(PART):
            manifest = self._ours(path)
            if manifest is None or not all(self._held(item, path) for item in manifest.items):
                if path.name.startswith(f"{self._origin.place}-"):
                    with stick_told(path):
                        self._stick.unlink(path)
                continue
            self._put(manifest)
            return manifest.trip, manifest.part + 1
        return None

    def _whole_on_stick(self, wanted: set[str]) -> tuple[set[str], set[int]]:
        """Which of `wanted` lie whole in our finished files for this place; and the cursors those files name."""
        found = wanted & self._written.keys()
        cursors: set[int] = set()
        for path in self._listed(".rekam"):
            if (manifest := self._ours(path)) is None:
                continue
            cursors.add(manifest.cursor)
            bundle = Bundle(self._stick, path, self._origin.root)
            for item in manifest.items:
                if item.sha256 in wanted - found:
                    with suppress(RekamError):  # what went bad there is copied again
                        bundle.verify(item, fresh=True)
                        found.add(item.sha256)
                self._told("verify", item.end, manifest.contents)
        return found, cursors

    def _sound(self, packets: Sequence[Waiting]) -> tuple[list[Waiting], list[LeftOut]]:
        sound, left_out = [], []
        for number, packet in enumerate(packets, 1):
            try:
                self._origin.blobs.verify(packet.packet_id)
            except (BlobDamaged, BlobMissing) as error:
                left_out.append(LeftOut.by(packet.number, error))
            else:
                sound.append(packet)
            self._told("check", number, len(packets))
        return sound, left_out

    def _room(self, max_bytes: int | None) -> int:
        with stick_told(self._folder):
            free = self._stick.free_bytes(self._folder) - _MARGIN - FRAME_BYTES
        return max(0, free if max_bytes is None else min(free, max_bytes))

    def _held(self, item: Item, unfinished: Path) -> bool:
        """Whether the unfinished file can be completed. What is asked changes with every receipt: it must lie there."""
        if item.kind == ASKED and item.sha256 not in self._said:
            return self._lies(item, unfinished)
        return item.sha256 in self._said or (item.kind == "packet" and self._origin.blobs.has(item.sha256))

    def _lies(self, item: Item, path: Path) -> bool:
        with suppress(RekamError):
            Bundle(self._stick, path, self._origin.root).verify(item, fresh=True)
            return True
        return False

    def _write(self, packets: Sequence[Waiting], said: Sequence[Item], trip: bytes, part: int) -> None:
        origin = self._origin
        chains: dict[CertificateChain, int] = {}
        items = tuple(
            Item("packet", each.packet_id, 0, each.size, each.number, chains.setdefault(each.chain, len(chains)))
            for each in packets
        )
        self._put(
            Manifest(
                purpose="out",
                trip=trip,
                part=part,
                sender=origin.place,
                to=self._to,
                chain=origin.chain,
                cursor=origin.cursor(),
                at_ms=origin.clock.stamp().wall_ms,
                stations=tuple(chains),
                items=(*said, *items),
            ).packed()
        )

    def _put(self, manifest: Manifest) -> None:
        contents = [Content(item, partial(self._chunks, item)) for item in manifest.items]
        origin = self._origin
        path = write_bundle(self._stick, self._folder, manifest, contents, origin.key, origin.root, told=self._told)
        self._files.append(path.name)
        self._written |= {item.sha256: item for item in manifest.items}
        self._bytes += manifest.contents

    def _chunks(self, item: Item, offset: int) -> Iterator[bytes]:
        if item.sha256 in self._said:
            yield from self._said[item.sha256].chunks(offset)
            return
        try:
            yield from self._origin.blobs.chunks(item.sha256, offset)
        except OSError as error:  # our own disk's trouble, not the stick's
            raise BlobDamaged(blob_id=item.sha256) from error

    def _ours(self, path: Path) -> Manifest | None:
        try:
            head = Bundle(self._stick, path, self._origin.root).head
        except RekamError:
            return None
        manifest = head.manifest
        ours = head.certificates[0].signing == self._origin.key.public and manifest.purpose == "out"
        return manifest if ours and manifest.to == self._to else None

    def _listed(self, ending: str) -> list[Path]:
        return [path for path in bundles_on(self._stick, self._folder, ending) if ending == PART or path.suffix != PART]


def _content(statement: SignedStatement) -> Content:
    return of_bytes("statement", statement.to_bytes(), statement.id)


def bundles_on(stick: Stick, folder: Path, ending: str = ".rekam") -> list[Path]:
    """The files in a folder that are called like a courier's. Raises `StickGone`."""
    with stick_told(folder):
        return [path for path in stick.files(folder) if path.name.endswith(ending)]


def _rides_along(item: Item) -> bool:
    """Whether it is no reason for a file of its own: what only asks, and words on keys that the line brings, too."""
    return item.kind in {KEY_END, ASKED} or (item.kind in {LETTERS, PARCEL} and item.note == "0")
