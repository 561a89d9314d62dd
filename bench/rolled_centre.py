"""The centre's tables filled as if it had accepted thousands of packets, served over HTTP: what a roll call asks."""

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from rekam.exchange.admission import any_office_or_station
from rekam.exchange.http import exchange_router
from rekam.exchange.inbox import Inbox
from rekam.exchange.outbox import Waiting
from rekam.exchange.pg.log import PgLog
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.exchange.remote import LocalRemote
from rekam.exchange.roll_call import check_positions
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.migrations import migrate_postgres
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres
from rekam.trust.certificates import Certificate, issue
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey, VerifyKey
from rekam.trust.log.merkle import leaf_hash, nodes_completed_by
from rekam.trust.roll_call import RollCall


@dataclass(frozen=True)
class RolledCentre:
    """`address` to connect to; `key` and `chain` of an office; the packets it has, as they wait at that office."""

    address: tuple[str, int]
    key: SigningKey
    chain: tuple[bytes, ...]
    root: VerifyKey
    waiting: list[Waiting]

    @property
    def check(self) -> Callable[[RollCall], object]:
        """What the office's sender looks at in an answer."""
        return lambda roll: check_positions(roll, self.root)


@contextmanager
def rolled_centre(folder: Path, packets: int) -> Iterator[RolledCentre]:
    """A centre in this process that holds `packets` packets."""
    root, office = SigningKey.generate(), SigningKey.generate()
    chain = (issue(Certificate("office", "3174", "Dinas", office.public), root),)
    ids = [hashlib.sha256(b"packet %d" % number).hexdigest() for number in range(packets)]
    waiting = [Waiting(each, f"317401-01/1/{number:06}", 20_000, 0, chain) for number, each in enumerate(ids, 1)]
    with EmbeddedPostgres(folder / "pg") as cluster:
        pool = connect_pool(cluster.ensure_database("centre"))
        with pool.connection() as tx:
            migrate_postgres(tx, EXCHANGE_TABLES)
        with pool.connection() as tx:
            _fill(tx, waiting)
        log = PgLog(pool, root)
        inbox = Inbox(
            BlobStore(folder / "packets", RealDisk()),
            PgRegister(pool),
            signer=root,
            clock=SystemClock(),
            kind="acceptance",
            place="centre",
            verify_sender=lambda given: station_key(given, root.public),
            checkpoint=log.checkpoint,
        )
        app = FastAPI()
        app.include_router(
            exchange_router(LocalRemote(inbox), place="centre", root=root.public, may_send=any_office_or_station)
        )
        with _serving(app) as address:
            yield RolledCentre(address, office, chain, root.public, waiting)
        pool.close()


def _fill(tx, waiting: list[Waiting]) -> None:
    nodes: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        return nodes[level, index]

    columns = "packet_id, station, epoch, sequence, previous, size, header, chain, receipt"
    with tx.cursor() as cursor:
        with cursor.copy(f"COPY exchange.packet ({columns}) FROM STDIN") as copy:
            for number, each in enumerate(waiting, 1):
                copy.write_row((each.packet_id, "317401-01", 1, number, bytes(32), each.size, b"", b"", b"receipt"))
        with cursor.copy("COPY exchange.log_entry (position, packet_id, entry) FROM STDIN") as copy:
            for position, each in enumerate(waiting):
                entry = bytes.fromhex(each.packet_id)
                nodes.update(list(nodes_completed_by(position, leaf_hash(entry), read)))
                copy.write_row((position, each.packet_id, entry))
        with cursor.copy("COPY exchange.log_node (level, index, hash) FROM STDIN") as copy:
            for (level, index), digest in nodes.items():
                copy.write_row((level, index, digest))


@contextmanager
def _serving(app: FastAPI) -> Iterator[tuple[str, int]]:
    listener = socket.socket(proto=socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
