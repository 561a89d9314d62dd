"""An office killed with -9 again and again while its station sends: nothing acknowledged is ever missing."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from exchange_examples import CLOCK, OFFICE, ROOT, STATION, packets
from patience import PATIENCE_S
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.pg.outbox import PgOutbox
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.exchange.sender import Sender
from rekam.packet.inspect import inspect
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.migrations import migrate_postgres
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres

OFFICE_PROCESS = """
import sys, pathlib
import psycopg, uvicorn
from fastapi import FastAPI
from exchange_examples import ROOT, inbox
from rekam.exchange.admission import stations_of
from rekam.exchange.http import exchange_router
from rekam.exchange.pg.outbox import enqueue
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.exchange.remote import LocalRemote
from rekam.storage.migrations import migrate_postgres
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres

folder, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
with EmbeddedPostgres(folder / "pg") as cluster:
    dsn = cluster.ensure_database("office")
    with psycopg.connect(dsn) as connection:
        migrate_postgres(connection, EXCHANGE_TABLES)
    pool = connect_pool(dsn)
    register = PgRegister(pool, lambda tx, arrival: enqueue(tx, arrival.packet_id))
    app = FastAPI()
    local = LocalRemote(inbox(folder / "blobs", register))
    app.include_router(exchange_router(local, place="3174", root=ROOT, may_send=stations_of("3174")))
    uvicorn.run(app, port=port, log_level="error", lifespan="off")
"""


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start_office(folder: Path, port: int) -> subprocess.Popen:
    here = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])}
    return subprocess.Popen([sys.executable, "-c", OFFICE_PROCESS, str(folder), str(port)], env=environment)


def await_port(port: int, office: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and office.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the office did not come up")


def test_every_acknowledged_packet_survives_an_office_that_is_killed_while_it_receives(tmp_path, port):
    chain = packets(40, size=20_000)
    outbox, blobs = InMemoryOutbox(), BlobStore(tmp_path / "station", RealDisk())
    for each in chain:
        blobs.put(each.data)
        outbox.put(each.waiting())
    remote = HttpRemote(f"http://127.0.0.1:{port}", place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK)
    stopped = threading.Event()
    sender = Sender(outbox, blobs, remote, OFFICE.key.public, kind="custody", chunk_bytes=5_000, stop=stopped.is_set)

    def send() -> None:
        while not stopped.is_set() and outbox.waiting(1):
            sender.run_once(5)
            stopped.wait(0.02)

    station = threading.Thread(target=send)
    office = start_office(tmp_path, port)
    try:
        await_port(port, office)
        station.start()
        for seconds in (0.35, 0.2, 0.5):
            before = len(outbox.receipts)
            while len(outbox.receipts) == before and outbox.waiting(1):
                time.sleep(0.01)
            time.sleep(seconds / 2)
            office.send_signal(signal.SIGKILL)
            office.wait()
            office = start_office(tmp_path, port)
            await_port(port, office)
        station.join(timeout=PATIENCE_S)
    finally:
        stopped.set()
        office.kill()
        office.wait()
        station.join()
        remote.close()
    assert outbox.set_aside() == []
    assert set(outbox.receipts) == {each.id for each in chain}
    with EmbeddedPostgres(tmp_path / "pg") as cluster:
        pool = connect_pool(cluster.dsn("office"))
        with pool.connection() as connection:
            migrate_postgres(connection, EXCHANGE_TABLES)
        register, held = PgRegister(pool), BlobStore(tmp_path / "blobs", RealDisk())
        assert register.receipts(list(outbox.receipts)) == outbox.receipts
        assert [each.packet_id for each in PgOutbox(pool).waiting(100)] == [each.id for each in chain]
        assert register.forks() == []
        pool.close()
    for each in chain:
        with held.open(each.id) as file:
            assert inspect(file, station_key(each.chain, ROOT)).packet_id == each.id
