"""An office whose PostgreSQL is killed again and again while its station sends: it asks to wait, and nothing is lost."""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from offices import running_office, station_with

from exchange_examples import packets
from rekam.exchange.errors import RemoteBusy
from rekam.exchange.pg.outbox import PgOutbox
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.migrations import migrate_postgres
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres


def kill(cluster: Path) -> None:
    """Every process of the cluster at once, with -9: the postmaster's children follow it."""
    postmaster = int((cluster / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)


@pytest.fixture
def data() -> Iterator[Path]:
    """A short path: the socket then lies in it, and the address stays what it was after a restart."""
    with tempfile.TemporaryDirectory(prefix="rk") as folder:
        yield Path(folder) / "pg"


def test_every_acknowledged_packet_survives_a_database_that_is_killed_and_started_again(tmp_path, data):
    chain = packets(40, size=20_000)
    outbox, blobs = station_with(chain, tmp_path / "station")
    cluster = EmbeddedPostgres(data).start()
    dsn = cluster.ensure_database("office")
    with psycopg.connect(dsn) as connection:
        migrate_postgres(connection, EXCHANGE_TABLES)
    stopped, told = threading.Event(), []
    with running_office(tmp_path, dsn) as office:
        sender = office.sender(outbox, blobs)

        def send() -> None:
            while not stopped.is_set() and outbox.waiting(1):
                told.append(sender.run_once(5).stopped_by)
                stopped.wait(0.05)

        station = threading.Thread(target=send)
        station.start()
        try:
            for _ in range(3):
                before = len(outbox.receipts)
                while len(outbox.receipts) < before + 3 and outbox.waiting(1):
                    time.sleep(0.01)
                kill(data)
                time.sleep(0.5)
                cluster.stop()
                cluster.start()
            station.join(timeout=120)
        finally:
            stopped.set()
            station.join()
    assert set(outbox.receipts) == {each.id for each in chain}
    assert outbox.set_aside() == []
    assert any(isinstance(each, RemoteBusy) for each in told)
    pool = connect_pool(dsn)
    assert PgRegister(pool).receipts(list(outbox.receipts)) == outbox.receipts
    assert len(PgOutbox(pool).waiting(100)) == len(chain)
    pool.close()
    cluster.stop()
    held = BlobStore(tmp_path / "blobs", RealDisk())
    for each in chain:
        held.verify(each.id)
