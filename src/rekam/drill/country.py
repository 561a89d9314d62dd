"""A country of real processes on this machine: started, killed with -9, started again: `Country`."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from rekam.drill.ailments import Ailments
from rekam.drill.fault_proxy import FaultProxy
from rekam.drill.ports import free_port
from rekam.enrolment.errors import RekamError

__all__ = ["Country", "PlaceDidNotStart", "PlaceProcess", "start_all", "stop_all"]

_START_S = 900.0
"""A process that ends is noticed at once: this is for one that hangs."""
_STOP_S = 120.0
HEALTHY = Ailments()


class PlaceDidNotStart(RekamError):
    """{name} did not start. Everything recorded so far is safe. The last it said: {told}
    The whole of it is in {log}; correct what it names, then start again.
    """


@dataclass
class PlaceProcess:
    """One place as a process of its own. `arguments` follow `rekam`; `environment` is added to this process's own, a
    wrong clock for instance; `lock` keeps starts and kills apart.
    """

    name: str
    arguments: tuple[str, ...]
    port: int
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    kills: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when the place answers."""
        with self.lock:
            if self.running:
                return
            self._bury()
            command = [
                sys.executable,
                "-m",
                "rekam.apps.cli",
                *self.arguments,
                "--port",
                str(self.port),
                "--with-parent",
            ]
            with self.log.open("ab") as log:
                # a session of its own, so that Ctrl-C is ours to hand on; the pipe closes when this process ends
                self.process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    env=self._environment(),
                )
            deadline = time.monotonic() + _START_S
            while not self._answers():
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise PlaceDidNotStart(name=self.name, told=_last_line(self.log), log=self.log)
                time.sleep(0.1)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """As a power cut would: every process of the place at once, with -9."""
        with self.lock:
            if self.process is not None and self.running:
                self.kills += 1
                parent = psutil.Process(self.process.pid)
                for victim in [*parent.children(recursive=True), parent]:
                    with suppress(ProcessLookupError):
                        os.kill(victim.pid, signal.SIGKILL)
            self._bury()

    def stop(self) -> None:
        """In order, as Ctrl-C does."""
        with self.lock:
            if self.process is not None and self.running:
                self.process.send_signal(signal.SIGINT)
                try:
                    self.process.wait(timeout=_STOP_S)
                except subprocess.TimeoutExpired:
                    self.kill()
            self._bury()

    def _bury(self) -> None:
        if self.process is not None:
            self.process.wait()
            if self.process.stdin is not None:
                self.process.stdin.close()

    def _environment(self) -> dict[str, str]:
        """Places that run side by side have a database each; one `DATABASE_URL` for all would mix their tables."""
        own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return own | dict(self.environment)

    def _answers(self) -> bool:
        # not httpx: each call of its own reads all certificates of this machine first, at 40 ms of a core
        asked = HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/health")
            return asked.getresponse().status < 600
        except (OSError, HTTPException):
            return False
        finally:
            asked.close()


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "nothing"


def start_all(places: Iterable[PlaceProcess]) -> None:
    """All at once; returns when every one answers, raises the first `PlaceDidNotStart` after all have been tried."""
    with ThreadPoolExecutor() as pool:
        for started in [pool.submit(place.start) for place in places]:
            started.result()


def stop_all(places: Iterable[PlaceProcess]) -> None:
    """All at once; returns when every one has ended."""
    with ThreadPoolExecutor() as pool:
        for stopped in [pool.submit(place.stop) for place in places]:
            stopped.result()


class Country:
    """Centre, one office, its stations, and a link in front of the centre and of the office that can fall ill."""

    def __init__(self, folder: Path, office: str, stations: tuple[str, ...], *, seed: int) -> None:
        self.folder = folder
        self.logs = folder.with_name(f"{folder.name}-logs")
        shutil.rmtree(self.logs, ignore_errors=True)
        self.logs.mkdir(parents=True)
        self.centre = self._place("centre", ("centre",))
        self.to_centre = FaultProxy(lambda: ("127.0.0.1", self.centre.port), HEALTHY, seed=seed)
        up = ("--centre", f"http://127.0.0.1:{self.to_centre.port}")
        self.office = self._place(f"office-{office}", ("office", *up))
        self.to_office = FaultProxy(lambda: ("127.0.0.1", self.office.port), HEALTHY, seed=seed + 1)
        up = ("--office", f"http://127.0.0.1:{self.to_office.port}")
        self.stations = [self._place(f"station-{station}", ("station", *up)) for station in stations]

    def _place(self, name: str, arguments: tuple[str, ...]) -> PlaceProcess:
        data = ("--data", str(self.folder / name), "--keys", str(self.folder / "keys" / f"{name}.keys"))
        return PlaceProcess(name, (*arguments, *data), free_port(), self.logs / f"{name}.log")

    @property
    def places(self) -> Iterator[PlaceProcess]:
        yield from (self.centre, self.office, *self.stations)

    def start(self) -> None:
        self.to_centre.start()
        self.to_office.start()
        start_all(self.places)

    def stop(self) -> None:
        """Stations first, so that nobody sends into the dark; then the links."""
        for place in reversed(list(self.places)):
            place.stop()
        self.to_centre.stop()
        self.to_office.stop()

    def fall_ill(self, ailments: Ailments) -> None:
        self.to_centre.ailments = self.to_office.ailments = ailments

    def heal(self) -> None:
        self.fall_ill(HEALTHY)
        start_all(self.places)
