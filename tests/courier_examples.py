"""A courier's small country: a station and an office with packets, an office and a centre that take them in."""

import errno
from dataclasses import dataclass, field
from pathlib import Path

from exchange_examples import CENTRE_KEY, CLOCK, OFFICE, OTHER_OFFICE, RANDOM, ROOT, STATION, Place, packets
from rekam.exchange.courier.answering import Answering
from rekam.exchange.courier.out import Origin, courier_out
from rekam.exchange.courier.returning import Home, courier_receipts
from rekam.exchange.courier.stick import MemoryStick
from rekam.exchange.courier.takers import OutboxTaker
from rekam.exchange.courier.taking_in import Destination, courier_in
from rekam.exchange.feed import FeedFollower, office_feed
from rekam.exchange.in_memory import InMemoryFeed, InMemoryFeedSink, InMemoryOutbox, InMemoryRegister
from rekam.exchange.inbox import Inbox
from rekam.exchange.log import InMemoryLog, check_logged
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk
from rekam.trust.certificates import Certificate, issue
from rekam.trust.keys import SigningKey

FEED = office_feed("3174")
STICK = Path("/media/stick")
CENTRE_CHAIN = (issue(Certificate("centre", "centre", "Pusat", CENTRE_KEY.public), CENTRE_KEY, random=RANDOM),)


_KEY = SigningKey.generate(RANDOM)
_CERTIFICATE = Certificate("station", "327301-01", "Bandung", _KEY.public)
_ISSUED = issue(_CERTIFICATE, OTHER_OFFICE.key, by=OTHER_OFFICE.certificate, random=RANDOM)
STRANGER = Place(_KEY, (_ISSUED, *OTHER_OFFICE.chain), _CERTIFICATE)
"""A station of another office."""


def stick() -> MemoryStick:
    made = MemoryStick()
    made.make_folder(STICK)
    return made


class Sender:
    """A station with packets that nobody has yet."""

    def __init__(self, made=(), *, place=STATION, disk=None) -> None:
        self.place = place
        self.outbox = InMemoryOutbox()
        self.blobs = BlobStore(Path("/packets"), disk or MemoryDisk())
        self.sink = InMemoryFeedSink(lambda state, entry: state.update({entry.n: entry.body}))
        self.salts = {}
        for each in made:
            self.put(each)

    @property
    def id(self) -> str:
        return self.place.certificate.subject

    def put(self, made) -> None:
        self.blobs.put(made.data)
        self.salts[made.id] = made.sealed.header.salt
        self.outbox.put(made.waiting())

    def origin(self) -> Origin:
        return Origin(
            place=self.id,
            key=self.place.key,
            chain=self.place.chain,
            root=ROOT,
            waiting=lambda _to: self.outbox.waiting(1 << 20),
            blobs=self.blobs,
            cursor=lambda: self.sink.cursor(FEED),
            clock=CLOCK,
            random=RANDOM,
        )

    def home(self, *takers) -> Home:
        def follow(source) -> int:
            return FeedFollower(FEED, source, self.sink, ROOT).run_once()

        return Home(self.id, ROOT, takers or self.takers(), follow)

    def takers(self):
        def logged(receipt) -> None:
            check_logged(receipt, self.salts[receipt.packet_id], ROOT)

        return (
            OutboxTaker(self.outbox, OFFICE.key.public, "custody"),
            OutboxTaker(self.outbox, ROOT, "acceptance", logged),
        )

    def out(self, stick, folder=STICK, *, to="3174", **options):
        return courier_out(self.origin(), stick, folder, to=to, **options)

    def back(self, stick, *paths, folder=STICK):
        answers = paths or [path for path in stick.files(folder) if path.name.endswith(".kembali.rekam")]
        return courier_receipts(self.home(), stick, answers)


@dataclass
class Receiver:
    """An office that gives custody receipts, or the centre that accepts; its feed begins here."""

    kind: str = "custody"
    disk: MemoryDisk = field(default_factory=MemoryDisk)

    def __post_init__(self) -> None:
        self.place = "3174" if self.kind == "custody" else "centre"
        self.key = OFFICE.key if self.kind == "custody" else CENTRE_KEY
        self.chain = OFFICE.chain if self.kind == "custody" else CENTRE_CHAIN
        self.log = InMemoryLog(CENTRE_KEY) if self.kind == "acceptance" else None
        self.arrived = []
        self.register = InMemoryRegister(self.arrived.append, self.log)
        self.feed = InMemoryFeed(CENTRE_KEY, CLOCK)
        self.parts = BlobStore(Path("/parts"), self.disk)
        self.inbox = Inbox(
            BlobStore(Path("/held"), self.disk),
            self.register,
            signer=self.key,
            clock=CLOCK,
            kind=self.kind,
            place=self.place,
            verify_sender=lambda chain: station_key(chain, ROOT),
        )

    def destination(self) -> Destination:
        def admits(certificates) -> bool:
            return self.kind == "acceptance" or certificates[1].subject == self.place

        answering = Answering(self.place, self.key, self.chain, ROOT, self.feed, ROOT, CLOCK, parts=self.parts)
        return Destination(self.inbox, admits, answering)

    def take(self, stick, path):
        return courier_in(self.destination(), stick, path)

    def take_all(self, stick, folder=STICK):
        return [self.take(stick, path) for path in bundles(stick, folder)]

    def held(self) -> set[str]:
        return {arrival.packet_id for arrival in self.arrived}


def bundles(stick, folder=STICK) -> list[Path]:
    """The files with packets, not the answers."""
    return [
        path for path in stick.files(folder) if path.suffix == ".rekam" and not path.name.endswith(".kembali.rekam")
    ]


def content(stick, path) -> bytes:
    with stick.open_read(path) as file:
        return file.read()


def flip(disk, path, at: int, bit: int = 1) -> None:
    """One bit of a file is another from now on, on the medium too."""
    data = bytearray(content(disk, path))
    data[at] ^= bit
    put(disk, path, bytes(data))


def put(stick, path, data: bytes) -> Path:
    """Another file on the stick, durably."""
    if stick.size(path) is not None:
        stick.unlink(path)
    with stick.open_append(path) as writer:
        writer.write(data)
        writer.fsync()
    stick.fsync_folder(path.parent)
    return path


def written(count=3, *, size=1000, to="3174"):
    """A stick with one bundle of a station, its path, and the packets in it."""
    made, medium = packets(count, size=size), stick()
    sender = Sender(made)
    sender.out(medium, to=to)
    return sender, medium, bundles(medium)[0], made


class FailingStick:
    """A stick that fails as told: after so many bytes written it is gone, full or read-only."""

    def __init__(self, inner, *, after: int = 0, error: int = errno.EIO) -> None:
        self.inner, self.left, self.error = inner, after, error

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def open_append(self, path):
        outer, writer = self, self.inner.open_append(path)

        class Writer:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                return None

            def fsync(self):
                writer.fsync()

            def write(self, data):
                fits = data[: outer.left]
                writer.write(fits)
                outer.left -= len(fits)
                if len(fits) < len(data):
                    raise OSError(outer.error, "the stick")
                return len(data)

        return Writer()
