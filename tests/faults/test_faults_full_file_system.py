"""A real office process on a file system that is full: it says so, keeps what it acknowledged, and goes on with room."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from offices import running_office, station_with

from exchange_examples import packets
from patience import PATIENCE_S
from rekam.exchange.errors import RemoteFull
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.testing import fresh_database

MOUNTED = """
mount -t tmpfs -o size=3m none "$1" || exit 77
head -c 1500000 /dev/zero > "$1/ballast"
shift
exec "$@"
"""


# root needs no user namespace, and in one could not reach the database's socket, which is another user's
APART = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]


def mounts() -> str:
    """Why a small file system cannot be mounted here; empty when it can."""
    if shutil.which("unshare") is None:
        return "unshare is not installed"
    tried = subprocess.run(
        [*APART, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True, check=False
    )
    return f"no file system can be mounted here: {tried.stderr.strip()}" if tried.returncode else ""


pytestmark = pytest.mark.skipif(bool(mounts()), reason=mounts())


def test_an_office_whose_disk_is_really_full_says_so_and_goes_on_when_there_is_room(tmp_path):
    chain = packets(20, size=100_000)
    outbox, blobs = station_with(chain, tmp_path / "station")
    folder = tmp_path / "office"
    folder.mkdir()
    mounted = [*APART, "sh", "-c", MOUNTED, "mounted", str(folder)]
    with fresh_database(EXCHANGE_TABLES) as dsn, running_office(folder, dsn, under=mounted) as office:
        sender = office.sender(outbox, blobs)
        full = sender.run_once()
        assert isinstance(full.stopped_by, RemoteFull)
        assert 0 < full.acknowledged < len(chain)
        inside = Path(f"/proc/{office.process.pid}/root") / folder.relative_to("/")
        held = BlobStore(inside / "blobs", RealDisk())
        for packet_id in outbox.receipts:
            held.verify(packet_id)
        (inside / "ballast").unlink()
        deadline = time.monotonic() + PATIENCE_S
        while outbox.waiting(1) and time.monotonic() < deadline:
            sender.run_once()
        assert set(outbox.receipts) == {each.id for each in chain}
        for packet_id in outbox.receipts:
            held.verify(packet_id)
