"""An office whose PostgreSQL is killed again and again while its station sends: it asks to wait, and nothing is lost."""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from offices import running_office, station_with

from exchange_examples import OFFICE, packets
from patience import PATIENCE_S
from rekam.exchange.errors import RemoteBusy
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.pg.outbox import PgOutbox
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.migrations import migrate_postgres
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres
from rekam.trust.clock import SteppedClock


def kill(cluster: Path) -> None:
    """Every process of the cluster at once, with -9: the postmaster's children follow it."""
    postmaster = int((cluster / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)


@pytest.fixture
def data() -> Iterator[Path]:
    """A short path: the socket then lies in it, and the address stays what it was after a restart."""
    with tempfile.TemporaryDirectory(prefix="rk") as folder:
        yield Path(folder) / "pg"


class KillsMeanwhile:
    """The remote, whose database is killed while it takes in the packets that come `at` these turns."""

    def __init__(self, remote: HttpRemote, cluster: Path, at: set[int]) -> None:
        self._remote = remote
        self._cluster = cluster
        self._at = at
        self._turn = 0
        self.killed = 0

    def __getattr__(self, name: str):
        return getattr(self._remote, name)

    def complete(self, *packet) -> bytes:
        self._turn += 1
        if self._turn not in self._at:
            return self._remote.complete(*packet)
        killer = threading.Thread(target=kill, args=[self._cluster])
        killer.start()
        try:
            return self._remote.complete(*packet)
        finally:
            killer.join()
            self.killed += 1


def test_every_acknowledged_packet_survives_a_database_that_is_killed_and_started_again(tmp_path, data):
    chain, clock, kills = packets(40, size=20_000), SteppedClock(), 3
    outbox, blobs = station_with(chain, tmp_path / "station")
    cluster = EmbeddedPostgres(data).start()
    dsn = cluster.ensure_database("office")
    with psycopg.connect(dsn) as connection:
        migrate_postgres(connection, EXCHANGE_TABLES)
    told = []
    with running_office(tmp_path, dsn, patience_s=0.5) as office:
        remote = KillsMeanwhile(office.remote, data, at={4, 13, 22})
        sender = Sender(outbox, blobs, remote, OFFICE.key.public, kind="custody", clock=clock)

        def send_until(reached: Callable[[], bool]) -> None:
            deadline = time.monotonic() + PATIENCE_S
            while not reached():
                assert time.monotonic() < deadline, told
                told.append(sender.run_once(5).stopped_by)
                clock.advance(1)
                time.sleep(0.01)

        for killed in range(1, kills + 1):
            send_until(lambda killed=killed: remote.killed == killed)
            send_until(lambda: isinstance(told[-1], RemoteBusy))
            cluster.stop()
            cluster.start()
        send_until(lambda: not outbox.waiting(1))
    assert set(outbox.receipts) == {each.id for each in chain}
    assert outbox.set_aside() == []
    pool = connect_pool(dsn)
    assert PgRegister(pool).receipts(list(outbox.receipts)) == outbox.receipts
    assert len(PgOutbox(pool).waiting(100)) == len(chain)
    pool.close()
    cluster.stop()
    held = BlobStore(tmp_path / "blobs", RealDisk())
    for each in chain:
        held.verify(each.id)
