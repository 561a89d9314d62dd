"""Intake of packets by a real office over real HTTP: verified, fsynced, committed, receipted. Packets a second a core.

    python -m bench.intake [--packets N] [--size BYTES] [--lanes N]

The processor time counted is that of the office's process and of all of its PostgreSQL, from the first upload to the
last receipt; the sender's is not, it stands for other machines. Every receipt is verified by the sender.
"""

import argparse
import tempfile
import time
from pathlib import Path

from bench.sending_place import say, sealed_packets, sending_place

from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.lanes import ThreadLanes
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.clock import SystemClock

WARM_UP = 10


def intake(packets: int = 40, size: int = 1_000_000, lanes: int = 4) -> list[tuple[str, str]]:
    """Figures as (title, value)."""
    with tempfile.TemporaryDirectory() as folder, sending_place(Path(folder)) as place:
        blobs, outbox = BlobStore(Path(folder) / "sender", RealDisk()), InMemoryOutbox()
        office = place.identity.office_certificate.signing
        remote = HttpRemote(
            place.office.url,
            place="office",
            key=place.identity.signing,
            chain=place.identity.chain,
            clock=SystemClock(),
        )
        sender = Sender(outbox, blobs, remote, office, kind="custody", lanes=ThreadLanes(lanes))
        for number, waiting in enumerate(sealed_packets(place.identity, blobs, packets + WARM_UP, size), 1):
            outbox.put(waiting)
            if number == WARM_UP:
                sender.run_once(WARM_UP)
        before, began = place.cpu_seconds(), time.perf_counter()
        while outbox.waiting(1):
            done = sender.run_once(100)
            if done.stopped_by:
                say(f"{done.stopped_by}")
        wall = time.perf_counter() - began
        process, database = (after - earlier for earlier, after in zip(before, place.cpu_seconds(), strict=True))
        remote.close()
        assert len(outbox.receipts) == packets + WARM_UP
    return [
        (f"intake of {size / 1e6:g} MB packets, a core", f"{packets / (process + database):,.0f} /s"),
        ("  of it the office, the database", f"{1e3 * process / packets:.1f} ms, {1e3 * database / packets:.1f} ms"),
        ("  the same, by the clock on this disk", f"{packets / wall:,.0f} /s"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--packets", type=int, default=300)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--lanes", type=int, default=4)
    for title, figure in intake(**vars(parser.parse_args())):
        print(f"{title:48} {figure}")


if __name__ == "__main__":
    main()
