"""`rekam up` as a newcomer meets it: everything answers, Ctrl-C ends all of it, and the next start goes on."""

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from patience import PATIENCE_S
from rekam.apps.up import TLS_PORTS
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.drill.ports import free_ports
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]

PLACES = ("centre", "office-3174", "portal", "station-317401-01", "station-317402-01")


class Up:
    """A running `rekam up` over `data`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.first = free_ports(TLS_PORTS + len(PLACES))
        self.log = data.with_name(f"up-{self.first}.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command(data, self.first), stdout=log, stderr=log, start_new_session=True)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.first + PLACES.index(name)}"

    def wait(self) -> None:
        """Until it says that it is up."""
        deadline = time.monotonic() + PATIENCE_S
        while "Ctrl-C stops everything" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.1)

    @property
    def said(self) -> str:
        return " ".join(self.log.read_text().split())


def command(data, port):
    return [sys.executable, "-m", "rekam.apps.cli", "up", "--data", str(data), "--port", str(port)]


def own(data) -> list[psutil.Process]:
    """The processes that were started for `data`: places, the worker, PostgreSQL and its guards."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            held = [*process.cmdline(), process.cwd()]
            if process.status() != psutil.STATUS_ZOMBIE and any(str(data) in word for word in held):
                found.append(process)
    return found


def all_gone(data) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while own(data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


class Counter:
    """An operator's calls at one station."""

    def __init__(self, url: str, station: str) -> None:
        self.client = httpx.Client(base_url=url, headers={"Origin": url}, timeout=PATIENCE_S)
        self.supervisor = {"supervisor": f"spv-{station}", "pin": SUPERVISOR_PIN}
        self.post("/api/sign-in", {"operator": f"op-{station}", "pin": PIN})

    def post(self, path, body):
        return self.client.post(path, json=body).raise_for_status().json()

    def recordings(self):
        return self.client.get("/api/recordings").raise_for_status().json()

    def record(self, nik: str) -> str:
        at = f"/api/sittings/{self.post('/api/sittings', {'nik': nik})['sitting_id']}"
        self.post(f"{at}/biodata", {})
        for slot in ("photo", "signature", "iris-1", "iris-2"):
            for attempt in range(1, 5):
                answer = self.client.post(f"{at}/capture", json={"slot": slot, "forced": attempt == 4})
                refused = answer.json().get("title") == "WrongKindOfImage"  # so blurred that no eye is seen in it
                if not refused and answer.raise_for_status().json()["accepted"]:
                    break
        for slot in ALL_SLOTS:
            if str(slot).startswith("finger"):
                self.post(f"{at}/exception", {"slot": str(slot), "reason": ExceptionReason.WORN, **self.supervisor})
        return self.post(f"{at}/save", {"consent": True, **self.supervisor})["packet_id"]


def resident(said: str) -> str:
    """The first number that a newcomer is told to look up."""
    return re.search(r"Residents to look up.*?(\d{16}) ", said).group(1)


def test_up_starts_everything_stops_on_ctrl_c_goes_on_and_leaves_no_orphans(tmp_path):
    data = tmp_path / "data"
    up = Up(data)
    try:
        up.wait()
        for name in PLACES:
            answer = httpx.get(f"{up.url(name)}/health", timeout=PATIENCE_S)
            assert (answer.status_code, answer.json()["status"]) == (200, "ok"), name
            assert up.url(name) in up.said
        counter = Counter(up.url("station-317401-01"), "317401-01")
        packet_id = counter.record(resident(up.said))
        assert len(own(data)) > len(PLACES)

        up.process.send_signal(signal.SIGINT)
        assert up.process.wait(timeout=PATIENCE_S) == 0
        assert "goes on from here" in up.said
        assert all_gone(data), [process.cmdline() for process in own(data)]

        up = Up(data)
        up.wait()
        counter.client.close()
        counter = Counter(up.url("station-317401-01"), "317401-01")
        assert [one["packet_id"] for one in counter.recordings()] == [packet_id]
        counter.client.close()

        up.process.kill()
        up.process.wait()
        assert all_gone(data), [process.cmdline() for process in own(data)]
    finally:
        for process in (up.process, *own(data)):
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                process.kill()
        up.process.wait()


def test_a_port_in_use_is_told_before_anything_is_started(tmp_path):
    first = free_ports(TLS_PORTS + len(PLACES))
    with socket.create_server(("127.0.0.1", first + 3)):
        done = subprocess.run(command(tmp_path / "data", first), capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 2
    assert done.stderr.split()[0] == "PortInUse"
    assert f"Port {first + 3} " in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert own(tmp_path) == []
