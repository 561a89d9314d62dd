"""A receiving office as a process of its own, for tests that break what it stands on: `running_office`."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from exchange_examples import CLOCK, OFFICE, STATION
from patience import PATIENCE_S
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk

PROGRAM = Path(__file__).parent / "receiving_office.py"


@dataclass
class RunningOffice:
    """The process and the way to it."""

    process: "subprocess.Popen[bytes]"
    remote: HttpRemote

    def sender(self, outbox: InMemoryOutbox, blobs: BlobStore) -> Sender:
        return Sender(outbox, blobs, self.remote, OFFICE.key.public, kind="custody")


@contextmanager
def running_office(
    folder: Path, dsn: str, *, under: Sequence[str] = (), patience_s: float = 10.0
) -> Iterator[RunningOffice]:
    """An office on `folder` and the database `dsn`, started by the command `under`; killed at the end. It asks to wait
    when `patience_s` seconds brought no connection to its database.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}
    command = [*under, sys.executable, str(PROGRAM), str(folder), str(port), dsn, str(patience_s)]
    office = subprocess.Popen(command, env=environment, start_new_session=True)
    remote = HttpRemote(f"http://127.0.0.1:{port}", place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK)
    try:
        _await(port, office)
        yield RunningOffice(office, remote)
    finally:
        remote.close()
        os.killpg(office.pid, signal.SIGKILL)  # the command above it, too
        office.wait()


def station_with(packets: Sequence, folder: Path) -> tuple[InMemoryOutbox, BlobStore]:
    """What a station has to send."""
    outbox, blobs = InMemoryOutbox(), BlobStore(folder, RealDisk())
    for each in packets:
        blobs.put(each.data)
        outbox.put(each.waiting())
    return outbox, blobs


def _await(port: int, office: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and office.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the office did not come up")
