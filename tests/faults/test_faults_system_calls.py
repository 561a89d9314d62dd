"""A real office process whose fsync fails every few times: nothing it acknowledged is missing, and it goes on."""

import shutil
import subprocess
import time

import pytest
from offices import running_office, station_with

from exchange_examples import ROOT, packets
from patience import PATIENCE_S
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.packet.inspect import inspect
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.pool import connect_pool
from rekam.storage.testing import fresh_database


def traces() -> str:
    """Why system calls cannot be broken here; empty when they can."""
    if shutil.which("strace") is None:
        return "strace is not installed, and apt could not install it"
    tried = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, text=True, check=False)
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else ""


pytestmark = pytest.mark.skipif(bool(traces()), reason=traces())


def test_an_office_whose_fsync_fails_again_and_again_acknowledges_only_what_it_has(tmp_path):
    chain = packets(12, size=20_000)
    outbox, blobs = station_with(chain, tmp_path / "station")
    held = BlobStore(tmp_path / "blobs", RealDisk())  # its folders exist, so that the office comes up
    log = tmp_path / "strace"
    # every seventh in each thread: one delivery has four, so that not every attempt meets one
    fails = ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=4+7"]
    with fresh_database(EXCHANGE_TABLES) as dsn:
        with running_office(tmp_path, dsn, under=fails) as office:
            sender = office.sender(outbox, blobs)
            deadline = time.monotonic() + PATIENCE_S
            while outbox.waiting(1) and time.monotonic() < deadline:
                sender.run_once()
        pool = connect_pool(dsn)
        recorded = PgRegister(pool).receipts([each.id for each in chain])
        pool.close()
    assert log.read_text().count("INJECTED") > 3
    assert outbox.set_aside() == []
    assert set(outbox.receipts) == {each.id for each in chain}
    assert recorded == outbox.receipts
    for each in chain:
        with held.open(each.id) as file:
            assert inspect(file, station_key(each.chain, ROOT)).packet_id == each.id
