"""A real office process and a station's identity to send to it with: what the measurements of the exchange share."""

import io
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import psutil

from rekam.drill.country import PlaceProcess
from rekam.drill.demo import PIN
from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.outbox import Waiting
from rekam.packet.seal import seal
from rekam.station.store import Identity, StationStore
from rekam.station.unlock import Operators
from rekam.storage.blobs import BlobStore
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost
from rekam.trust.random import SystemRandom

OFFICE, STATION = "3174", "317401-01"


@dataclass(frozen=True)
class SendingPlace:
    """A station's identity, and its office as a process."""

    folder: Path
    identity: Identity
    office: PlaceProcess

    def cpu_seconds(self) -> tuple[float, float]:
        """Processor time so far: of the office's process, and of its database's, all of them."""
        parent = psutil.Process(self.office.process.pid)
        held = self.folder / f"office-{OFFICE}" / "postgres" / "data" / "postmaster.pid"
        database = psutil.Process(int(held.read_text().split()[0]))
        return _cpu([parent]), _cpu([database, *database.children(recursive=True)])

    def memory_bytes(self) -> int:
        """Resident bytes of the office's process alone; its database shares one buffer among many processes."""
        return int(psutil.Process(self.office.process.pid).memory_info().rss)


def _cpu(processes: list[psutil.Process]) -> float:
    """Seconds; children that have ended count, too, theirs in hundredths."""
    return sum(time.clock_gettime(_clock_of(each.pid)) + sum(each.cpu_times()[2:4]) for each in processes)


def _clock_of(process: int) -> int:
    """Its processor time to the nanosecond: the number that clock_getcpuclockid(3) gives."""
    return ~process << 3 | 2


@contextmanager
def sending_place(
    folder: Path, centre: str = "http://127.0.0.1:9", checkout: Path | None = None
) -> Iterator[SendingPlace]:
    """Provisions a country in `folder` and starts its office, whose centre is away unless one is named. The office runs
    the code of another `checkout` if one is given.
    """
    country = folder / "country"
    making = get_context("spawn").Process(target=_provision, args=(country,))  # its memory is nobody's afterwards
    making.start()
    making.join()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    name = f"office-{OFFICE}"
    held = ("--data", str(country / name), "--keys", str(country / "keys" / f"{name}.keys"))
    code = {"PYTHONPATH": str(checkout / "src")} if checkout else {}
    arguments = ("office", *held, "--centre", centre)
    office = PlaceProcess(name, arguments, port, folder / "office.log", environment=code)
    office.start()
    try:
        yield SendingPlace(country, identity_of(country), office)
    finally:
        office.stop()


def _provision(country: Path) -> None:
    from rekam.apps.provision import make_country  # 60 MiB that a sender must not be charged for
    from rekam.drill.demo import demo_country

    make_country(country, demo_country(date(2026, 11, 21)), cost=Cost(1024, 1, 1))


def identity_of(country: Path) -> Identity:
    """The demo's first station, its store opened with an operator's PIN."""
    home = country / f"station-{STATION}"
    pepper = keyfile.load(country / "keys" / f"station-{STATION}.keys")["pepper"]
    unlocked = Operators(home / "operators.cbor", SystemClock(), pepper=pepper).sign_in(f"op-{STATION}", PIN)
    store = StationStore.open(home / "station.db", unlocked.store_key)
    try:
        return store.identity()
    finally:
        store.close()


def sealed_packets(identity: Identity, blobs: BlobStore, count: int, size: int, *, after: int = 0) -> Iterator[Waiting]:
    """The station's `count` packets that follow number `after`, about `size` bytes each, put into `blobs`."""
    random, previous = SystemRandom(), bytes(32)
    content = random.bytes(max(1, size - 700))
    for sequence in range(after + 1, after + count + 1):
        out = io.BytesIO()
        made = seal(
            [content],
            number=PacketNumber(identity.station, 1, sequence),
            previous=previous,
            signer=identity.signing,
            recipient=identity.recipient,
            stamp=SystemClock().stamp(),
            random=random,
            out=out,
        )
        previous = bytes.fromhex(made.packet_id)
        blobs.put(out.getvalue())
        yield Waiting(made.packet_id, str(made.header.number), made.size, 0, identity.chain)


def say(text: str) -> None:
    """On standard error: figures alone go to standard output."""
    print(text, file=sys.stderr, flush=True)
