"""A real office process whose fsync fails every few times: nothing it acknowledged is missing, and it goes on."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exchange_examples import CLOCK, OFFICE, ROOT, STATION, packets
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.outbox import Sender
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.packet.inspect import inspect
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.pool import connect_pool
from rekam.storage.testing import fresh_database

OFFICE_PROGRAM = Path(__file__).parent / "receiving_office.py"


def traces() -> str:
    """Why system calls cannot be broken here; empty when they can."""
    if shutil.which("strace") is None:
        return "strace is not installed, and apt could not install it"
    tried = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, text=True, check=False)
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else ""


pytestmark = pytest.mark.skipif(bool(traces()), reason=traces())


@pytest.fixture
def dsn():
    with fresh_database(EXCHANGE_TABLES) as made:
        yield made


def test_an_office_whose_fsync_fails_again_and_again_acknowledges_only_what_it_has(tmp_path, dsn):
    chain = packets(12, size=20_000)
    outbox, blobs = InMemoryOutbox(), BlobStore(tmp_path / "station", RealDisk())
    for each in chain:
        blobs.put(each.data)
        outbox.put(each.waiting())
    held = BlobStore(tmp_path / "blobs", RealDisk())  # its folders exist, so that the office comes up
    log, port = tmp_path / "strace", _free_port()
    # every seventh in each thread: one delivery has four, so that not every attempt meets one
    fails = ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=4+7"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}
    office = subprocess.Popen(
        [*fails, sys.executable, str(OFFICE_PROGRAM), str(tmp_path), str(port), dsn],
        env=environment,
        start_new_session=True,
    )
    remote = HttpRemote(f"http://127.0.0.1:{port}", place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK)
    try:
        _await(port, office)
        sender = Sender(outbox, blobs, remote, OFFICE.key.public, kind="custody")
        deadline = time.monotonic() + 120
        while outbox.waiting(1) and time.monotonic() < deadline:
            sender.run_once()
    finally:
        remote.close()
        os.killpg(office.pid, signal.SIGKILL)  # strace and whom it traces
        office.wait()
    assert log.read_text().count("INJECTED") > 3
    assert set(outbox.receipts) == {each.id for each in chain}
    assert outbox.set_aside() == []
    pool = connect_pool(dsn)
    assert PgRegister(pool).receipts(list(outbox.receipts)) == outbox.receipts
    pool.close()
    for each in chain:
        with held.open(each.id) as file:
            assert inspect(file, station_key(each.chain, ROOT)).packet_id == each.id


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(port: int, office: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and office.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the office did not come up")
