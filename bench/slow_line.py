"""Real megabytes over 128 kbit/s and 800 ms, with the stalls and cuts that 5 % lost packets cause.

python -m bench.slow_line [--packets N] [--size BYTES] [--kbit N] [--loss SHARE]
"""

import argparse
import tempfile
import time
from pathlib import Path

from bench.sending_place import say, sealed_packets, sending_place

from rekam.drill.ailments import Quality
from rekam.drill.fault_proxy import FaultProxy
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.lanes import ThreadLanes
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.clock import SystemClock


def slow_line(packets: int = 2, size: int = 100_000, kbit: int = 512, loss: float = 0.05) -> list[tuple[str, str]]:
    """Figures as (title, value); the quick form is a faster line and smaller packets."""
    quality = Quality(kbit * 1000 / 8, 0.8, loss=loss, cut_every=10)
    with tempfile.TemporaryDirectory() as folder, sending_place(Path(folder)) as place:
        blobs, outbox = BlobStore(Path(folder) / "sender", RealDisk()), InMemoryOutbox()
        for waiting in sealed_packets(place.identity, blobs, packets, size):
            outbox.put(waiting)
        office = place.identity.office_certificate.signing
        with FaultProxy(lambda: ("127.0.0.1", place.office.port), quality=quality, seed=1) as line:
            signing, chain = place.identity.signing, place.identity.chain
            remote = HttpRemote(line.url, place="office", key=signing, chain=chain, clock=SystemClock())
            sender = Sender(outbox, blobs, remote, office, kind="custody", lanes=ThreadLanes(3))
            began = time.perf_counter()
            while outbox.waiting(1):
                if trouble := sender.run_once().stopped_by:
                    say(f"{time.perf_counter() - began:6.0f} s  {trouble}")
            took = time.perf_counter() - began
            remote.close()
    useful = packets * size / took / (kbit * 1000 / 8)
    return [
        (f"{kbit} kbit/s, 800 ms, {loss:.0%} lost: {packets} x {size / 1e6:g} MB", f"{took:.0f} s"),
        ("  of the line's rate, packets alone", f"{100 * useful:.0f} %"),
        ("  stalls and cuts", f"{line.faults}"),
        ("  sent besides the packets: requests, and again", f"{100 * (line.up.carried / (packets * size) - 1):.0f} %"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--packets", type=int, default=3)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--kbit", type=int, default=128)
    parser.add_argument("--loss", type=float, default=0.05)
    for title, figure in slow_line(**vars(parser.parse_args())):
        print(f"{title:56} {figure}")


if __name__ == "__main__":
    main()
