"""A simulated SBI device in a process of its own, for tests: plugged in, ordered to misbehave, pulled, stopped."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from patience import PATIENCE_S
from rekam.exchange.machine_trust import machine_trust
from rekam.interop.sbi.http_wire import HttpWire
from rekam.trust.clock import SystemClock

__all__ = ["Plugged", "free_ports"]


@contextmanager
def free_ports(first: int, last: int) -> Iterator[list[int]]:
    """Those of SBI's ports from `first` up to `last` on which nobody listens. One test file at a time has them on this
    machine: a station looks at every port of the range, and would meet devices that another file trusts.
    """
    wire = HttpWire(SystemClock())
    with (Path(tempfile.gettempdir()) / "rekam-tests-sbi.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # ends with the process that has it, too
        yield [port for port in range(first, last) if not wire.listening([port])]


@dataclass
class Plugged:
    """`rekam devices simulate` on `port`, trusted by the station's folder `home`; `options` are further ones."""

    home: Path
    port: int
    options: tuple[str, ...] = ()
    process: subprocess.Popen = field(init=False)

    def __post_init__(self):
        self.plug_in(self.port)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.pull()

    def plug_in(self, port: int) -> None:
        """Start it, on this port."""
        self.port = port
        command = [sys.executable, "-m", "rekam.apps.cli", "devices", "simulate", "--port", str(port), "--delay", "0"]
        held = ("--keys", str(self.home / "maker.keys"), "--trusted-by", str(self.home), *self.options)
        self.process = subprocess.Popen(
            [*command, *held, "--with-parent"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                httpx.request("MOSIPDISC", f"http://127.0.0.1:{port}/device", timeout=5, verify=machine_trust())
            except httpx.TransportError:
                assert self.process.poll() is None, "the simulator ended"
                assert time.monotonic() < deadline, "the simulator does not answer"
                time.sleep(0.05)
            else:
                return

    def order(self, **orders) -> httpx.Response:
        """From its next capture on; `order()` takes every fault away."""
        return httpx.post(
            f"http://127.0.0.1:{self.port}/simulate", json=orders, timeout=PATIENCE_S, verify=machine_trust()
        )

    def pull(self) -> None:
        """As a plug is pulled: at once, whatever it is doing."""
        self.process.kill()  # which ends a stopped one, too
        self.process.wait()
        self.process.stdin.close()

    def stop(self) -> None:
        """Stuck: it takes connections and says nothing."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)
