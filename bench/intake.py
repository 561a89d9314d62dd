"""Intake of packets by a real office over real HTTP: verified, fsynced, committed, receipted. Packets a second a core.

    python -m bench.intake [--packets N] [--size BYTES] [--lanes N] [--turns N] [--against CHECKOUT]

The processor time counted is that of the office's process and of all of its PostgreSQL, from the first upload to the
last receipt; the sender's is not, it stands for other machines. Every receipt is verified by the sender.

A shared machine is now quick and now slow, a core whose twin is busy slower still. So the packets come in turns, each
counted by itself: the median is the figure, the quickest turn the one that was disturbed least. With `--against` an
office of another checkout of Rekam receives as many in turns with this one, seconds apart; the median of the ratios
says which code is dearer, whatever the machine did meanwhile.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.sending_place import SendingPlace, say, sealed_packets, sending_place

from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.lanes import ThreadLanes
from rekam.exchange.outbox import Waiting
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.clock import SystemClock

BEGINNERS, BEGINNER_BYTES = 600, 2_000
"""Small packets sent first: an office at work has most of its 256 folders. The first packet in one costs two fsyncs
more.
"""
WARM_UP = 20
"""Packets sent next: until each of the office's connections has prepared its statements, and a piece is a packet."""


@dataclass(frozen=True)
class Turn:
    """Seconds a packet cost: of the office's process, of its database's, by the clock."""

    office: float
    database: float
    wall: float

    @property
    def both(self) -> float:
        """Processor time in all."""
        return self.office + self.database


@dataclass(frozen=True)
class Receiving:
    """An office at work, and what is to be sent to it."""

    place: SendingPlace
    outbox: InMemoryOutbox
    sender: Sender
    packets: Iterator[Waiting]

    def turn(self, count: int) -> Turn:
        """Seals `count` packets, then sends them."""
        for _ in range(count):
            self.outbox.put(next(self.packets))
        before, began = self.place.cpu_seconds(), time.perf_counter()
        while self.outbox.waiting(1):
            done = self.sender.run_once(100)
            if done.stopped_by:
                say(f"{done.stopped_by}")
        wall = time.perf_counter() - began
        office, database = (after - earlier for earlier, after in zip(before, self.place.cpu_seconds(), strict=True))
        return Turn(office / count, database / count, wall / count)


@contextmanager
def receiving(count: int, size: int, lanes: int, checkout: Path | None = None) -> Iterator[Receiving]:
    """An office of this code, or of another checkout's, ready for `count` packets."""
    with tempfile.TemporaryDirectory() as folder, sending_place(Path(folder), checkout=checkout) as place:
        blobs, outbox = BlobStore(Path(folder) / "sender", RealDisk()), InMemoryOutbox()
        office, clock = place.identity.office_certificate.signing, SystemClock()
        signing, chain = place.identity.signing, place.identity.chain
        remote = HttpRemote(place.office.url, place="office", key=signing, chain=chain, clock=clock)
        sender = Sender(outbox, blobs, remote, office, kind="custody", lanes=ThreadLanes(lanes))
        beginners = sealed_packets(place.identity, blobs, BEGINNERS, BEGINNER_BYTES)
        Receiving(place, outbox, sender, beginners).turn(BEGINNERS)
        packets = sealed_packets(place.identity, blobs, count + WARM_UP, size, after=BEGINNERS)
        found = Receiving(place, outbox, sender, packets)
        found.turn(WARM_UP)
        yield found
        remote.close()
        assert len(outbox.receipts) == BEGINNERS + WARM_UP + count


def intake(
    packets: int = 120, size: int = 1_000_000, lanes: int = 4, turns: int = 4, against: Path | None = None
) -> list[tuple[str, str]]:
    """Figures as (title, value)."""
    count = max(1, packets // turns)
    with ExitStack() as stack:
        ours = stack.enter_context(receiving(count * turns, size, lanes))
        other = stack.enter_context(receiving(count * turns, size, lanes, against)) if against else None
        taken, theirs = [], []
        for _ in range(turns):
            taken.append(ours.turn(count))
            if other is not None:
                theirs.append(other.turn(count))
                say(f"{1e3 * taken[-1].both:6.2f} ms a packet, the other checkout {1e3 * theirs[-1].both:.2f} ms")
    least, usual = min(turn.both for turn in taken), median(turn.both for turn in taken)
    office, database = median(turn.office for turn in taken), median(turn.database for turn in taken)
    figures = [
        (f"intake of {size / 1e6:g} MB packets, a core", f"{1 / usual:,.0f} /s"),
        ("  in the turn that was disturbed least", f"{1 / least:,.0f} /s"),
        ("  processor time a packet: the office, the database", f"{1e3 * office:.1f} ms, {1e3 * database:.1f} ms"),
        ("  by the clock on this disk", f"{1 / median(turn.wall for turn in taken):,.0f} /s"),
    ]
    if theirs:
        usually = median(turn.both / against.both for turn, against in zip(taken, theirs, strict=True))
        at_best = least / min(turn.both for turn in theirs)
        told = f"{100 * usually:.0f} %, least turns {100 * at_best:.0f} %"
        figures.append(("  processor time, of the other checkout's", told))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--packets", type=int, default=400)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--lanes", type=int, default=4)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--against", type=Path, help="the folder of another checkout of Rekam")
    for title, figure in intake(**vars(parser.parse_args())):
        print(f"{title:56} {figure}")


if __name__ == "__main__":
    main()
