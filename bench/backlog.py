"""An office's backlog: over a throttled line to a real receiving process, and then, re-sent as after a restore from an
old image, by roll call. Rate, memory of both ends, bytes on the wire counted at the socket.

    python -m bench.backlog [--packets N] [--size BYTES] [--kbit N]

The sender is this process with its outbox in PostgreSQL. The receiver of the drain is an office's process, which
receives as the centre does; that of the roll call serves the centre's tables, log positions included, over HTTP.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from bench.rolled_centre import rolled_centre
from bench.sending_place import say, sealed_packets, sending_place

from rekam.drill.ailments import Quality
from rekam.drill.fault_proxy import FaultProxy
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.lanes import ThreadLanes
from rekam.exchange.outbox import Waiting
from rekam.exchange.pg.outbox import PgOutbox
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk, Writer
from rekam.storage.migrations import migrate_postgres
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres
from rekam.trust.certificates import chain_to_bytes
from rekam.trust.clock import SystemClock


class Unsynced(RealDisk):
    """The sender's packets lie here already; making them durable is not what is measured."""

    def open_append(self, path: Path) -> Writer:
        writer = super().open_append(path)
        writer.fsync = lambda: None  # type: ignore[method-assign]
        return writer

    def fsync_folder(self, folder: Path) -> None:
        del folder


@contextmanager
def outbox_of(folder: Path, waiting: Iterable[Waiting]) -> Iterator[tuple[PgOutbox, int]]:
    """An outbox in a database of its own in which these packets wait, and their bytes."""
    with EmbeddedPostgres(folder) as cluster:
        pool = connect_pool(cluster.ensure_database("sender"))
        with pool.connection() as tx:
            migrate_postgres(tx, EXCHANGE_TABLES)
        with pool.connection() as tx:
            size = queue(tx, waiting)
        try:
            yield PgOutbox(pool), size
        finally:
            pool.close()


def queue(tx, waiting: Iterable[Waiting]) -> int:
    """As the office's custody queues them, without the receiving; none is kept here. Gives their bytes."""
    columns, total = "packet_id, station, epoch, sequence, previous, size, header, chain, receipt", 0
    with tx.cursor() as cursor:
        with cursor.copy(f"COPY exchange.packet ({columns}) FROM STDIN") as copy:
            for each in waiting:
                station, epoch, sequence = each.number.split("/")
                number = station, int(epoch), int(sequence), bytes(32)
                copy.write_row((each.packet_id, *number, each.size, b"", chain_to_bytes(each.chain), b"x"))
                total += each.size
        cursor.execute(
            "INSERT INTO exchange.outbox (packet_id) SELECT packet_id FROM exchange.packet ORDER BY sequence"
        )
    return total


def backlog(packets: int = 300, size: int = 20_000, kbit: int = 4_000) -> list[tuple[str, str]]:
    """Figures as (title, value); the quick form is a small backlog."""
    rate = kbit * 1000 / 8
    with tempfile.TemporaryDirectory() as folder, sending_place(Path(folder)) as place:
        blobs = BlobStore(Path(folder) / "sender", Unsynced())
        waiting = sealed_packets(place.identity, blobs, packets, size)
        office = place.identity.office_certificate.signing
        with (
            outbox_of(Path(folder) / "outbox", waiting) as (outbox, sent),
            FaultProxy(lambda: ("127.0.0.1", place.office.port), quality=Quality(rate, 0.05)) as line,
        ):
            signing, chain = place.identity.signing, place.identity.chain
            say(f"{packets} packets sealed")
            remote = HttpRemote(line.url, place="office", key=signing, chain=chain, clock=SystemClock())
            sender = Sender(outbox, blobs, remote, office, kind="custody", lanes=ThreadLanes(8))
            memory: list[tuple[int, int]] = []
            began = time.perf_counter()
            done = 0
            while done < packets:
                done += sender.run_once(200).acknowledged
                memory.append((psutil.Process().memory_info().rss, place.memory_bytes()))
                if len(memory) % 10 == 0:
                    say(f"{time.perf_counter() - began:6.0f} s  {done} acknowledged, {_mebibytes(memory[-1])}")
            took = time.perf_counter() - began
            remote.close()
        drained = [
            (f"backlog of {packets} x {size / 1e3:g} kB at {kbit / 1000:g} Mbit/s", f"{took:.0f} s"),
            ("  of the line's rate, packets alone", f"{100 * sent / took / rate:.0f} %"),
            ("  of the line's rate, with the requests they travel in", f"{100 * line.up.carried / took / rate:.0f} %"),
            ("  memory of sender, receiver: after a tenth", _mebibytes(memory[len(memory) // 10])),
            ("  memory of sender, receiver: most", _mebibytes((max(a for a, _ in memory), max(b for _, b in memory)))),
        ]
    return drained + roll(packets)


def roll(packets: int) -> list[tuple[str, str]]:
    """The same backlog again, all of it received long ago."""
    gc.collect()
    with (
        tempfile.TemporaryDirectory() as folder,
        rolled_centre(Path(folder) / "centre", packets) as centre,
        outbox_of(Path(folder) / "outbox", centre.waiting) as (outbox, _),
        FaultProxy(lambda: centre.address) as line,
    ):
        remote = HttpRemote(line.url, place="centre", key=centre.key, chain=centre.chain, clock=SystemClock())
        blobs = BlobStore(Path(folder) / "none", RealDisk())
        sender = Sender(outbox, blobs, remote, centre.root, kind="acceptance", check_roll=centre.check)
        began = time.perf_counter()
        done = sender.run_once(50)
        took = time.perf_counter() - began
        assert done.rolled == packets, done
        assert outbox.backlog().packets == 0
        remote.close()
    return [
        (f"{packets} received packets sent again, acknowledged durably", f"{took:.1f} s"),
        ("  on the wire, up and down", f"{line.up.carried / 1e6:.2f} + {line.down.carried / 1e6:.2f} MB"),
    ]


def _mebibytes(both: tuple[int, int]) -> str:
    return f"{both[0] >> 20} MiB, {both[1] >> 20} MiB"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--packets", type=int, default=50_000)
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--kbit", type=int, default=8_000)
    parser.add_argument("--only-roll-call", action="store_true")
    given = vars(parser.parse_args())
    for title, figure in roll(given["packets"]) if given.pop("only_roll_call") else backlog(**given):
        print(f"{title:64} {figure}")


if __name__ == "__main__":
    main()
