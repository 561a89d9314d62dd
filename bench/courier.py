"""A courier's trip over real files: out with read-back, in through the inbox, home again. Megabytes a second a core.

    python -m bench.courier [--packets N] [--size BYTES] [--folder STICK]

Processor time alone, since sticks differ; the register is in memory, so that the figure is the courier's and not
PostgreSQL's (`bench.intake` measures that). The list of a full file (20,000 packets) is read at the end.
"""

import argparse
import io
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rekam.apps.ceremony import CountryKeys, Holder
from rekam.enrolment.identifiers import OfficeId, PacketNumber, StationId
from rekam.exchange.courier.answering import Answering
from rekam.exchange.courier.frame import head_bytes, read_head
from rekam.exchange.courier.manifest import MAX_ITEMS, Item, Manifest
from rekam.exchange.courier.out import Origin, courier_out
from rekam.exchange.courier.returning import Home, courier_receipts
from rekam.exchange.courier.stick import RealStick
from rekam.exchange.courier.takers import OutboxTaker
from rekam.exchange.courier.taking_in import Destination, courier_in
from rekam.exchange.in_memory import InMemoryFeed, InMemoryOutbox, InMemoryRegister
from rekam.exchange.inbox import Inbox
from rekam.exchange.outbox import Waiting
from rekam.packet.seal import seal
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.clock import SystemClock
from rekam.trust.random import SystemRandom


def trip(folder: Path, count: int, size: int) -> list[tuple[str, str]]:
    """Figures as (title, value)."""
    keys, clock, stick = CountryKeys(), SystemClock(), RealStick()
    office = keys.office(OfficeId("3174"), "Jakarta Selatan")
    station, root = office.station(StationId("317401-01"), "Tebet"), keys.root.public
    outbox, blobs = InMemoryOutbox(), BlobStore(folder / "station", RealDisk())
    _fill(outbox, blobs, station, keys, count, size)
    origin = Origin(
        "317401-01", station.key, station.chain, root, lambda _to: outbox.waiting(1 << 20), blobs, lambda: 0, clock,
        SystemRandom(),
    )  # fmt: skip
    inbox = Inbox(
        BlobStore(folder / "office", RealDisk()), InMemoryRegister(), signer=office.holder.key, clock=clock,
        kind="custody", place="3174", verify_sender=lambda chain: station_key(chain, root),
    )  # fmt: skip
    feed = InMemoryFeed(keys.root, clock)
    answering = Answering("3174", office.holder.key, office.holder.chain, root, feed, root, clock)
    destination = Destination(inbox, lambda _writer: True, answering)
    home = Home("317401-01", root, (OutboxTaker(outbox, office.holder.key.public, "custody"),), lambda _source: 0)
    on = folder / "stick"
    on.mkdir()
    megabytes = count * size / 1e6

    def out() -> None:
        if courier_out(origin, stick, on, to="3174").packets != count:
            raise AssertionError

    def take_in() -> None:
        (path,) = on.glob("*.rekam")
        if courier_in(destination, stick, path).taken != count:
            raise AssertionError

    def receipts() -> None:
        if courier_receipts(home, stick, list(on.glob("*.kembali.rekam"))).taken != count:
            raise AssertionError

    figures = [
        ("written, each checked before and read back after", f"{megabytes / _seconds(out):,.0f} MB/s a core"),
        ("taken in: inspected, fsynced, receipted", f"{megabytes / _seconds(take_in):,.0f} MB/s a core"),
        ("receipts taken home", f"{count / _seconds(receipts):,.0f} /s a core"),
        ("memory at most, all of it", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"),
    ]
    return [*figures, ("the list of 20,000 packets, verified", f"{_seconds(_reading(station, keys)):.2f} s")]


def _fill(outbox: InMemoryOutbox, blobs: BlobStore, station: Holder, keys: CountryKeys, count: int, size: int) -> None:
    recipient, clock, random = keys.centre().opening, SystemClock(), SystemRandom()
    if recipient is None:
        raise AssertionError
    for sequence in range(1, count + 1):
        number, sealed = PacketNumber(StationId("317401-01"), 1, sequence), io.BytesIO()
        made = seal(
            [bytes(size)], number=number, previous=bytes(32), signer=station.key, recipient=recipient.public,
            stamp=clock.stamp(), random=random, out=sealed,
        )  # fmt: skip
        blobs.put(sealed.getvalue())
        outbox.put(Waiting(made.packet_id, str(number), made.size, 0, station.chain))


def _reading(station: Holder, keys: CountryKeys) -> Callable[[], object]:
    items = tuple(Item("packet", f"{n:064x}", 0, 1_000_000, f"317401-01/1/{n:06d}", 0) for n in range(1, MAX_ITEMS + 1))
    manifest = Manifest("out", bytes(16), 1, "317401-01", "3174", station.chain, 0, 0, (station.chain,), items).packed()
    data = head_bytes(manifest, station.key)
    return lambda: read_head(io.BytesIO(data), keys.root.public, "bench")


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--packets", type=int, default=200)
    options.add_argument("--size", type=int, default=1_000_000)
    options.add_argument("--folder", help="where the files go, such as a mounted stick; a temporary folder otherwise")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for title, value in trip(Path(folder), given.packets, given.size):
            print(f"{title:50} {value}")


if __name__ == "__main__":
    main()
