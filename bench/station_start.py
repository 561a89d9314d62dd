"""From the start of a station's process to its sign-in page, its memory, and what it costs while nobody works.

    python -m bench.station_start [--starts 5] [--idle 60]

Real processes over a station of the demo country: the clock runs from starting the process to the first 200 of
/sign-in; then until the engine is loaded. With --idle, somebody signs in and nobody does anything for so many seconds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import httpx

from rekam.apps.provision import make_country
from rekam.drill.demo import PIN, demo_country
from rekam.drill.ports import free_port
from rekam.trust.pin import Cost

STATION = "317401-01"
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096 / 1e6


def started(folder: Path, port: int) -> subprocess.Popen:
    own, keys = folder / f"station-{STATION}", folder / "keys" / f"station-{STATION}.keys"
    command = [sys.executable, "-m", "rekam.apps.cli", "station", "--data", str(own), "--keys", str(keys)]
    return subprocess.Popen(
        [*command, "--port", str(port), "--office", "http://127.0.0.1:9"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(asked, process: subprocess.Popen) -> None:
    while process.poll() is None:
        try:
            if asked():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise SystemExit(f"the station ended with {process.returncode}")


def one(folder: Path, idle: float) -> tuple[float, float, float, float]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    process = started(folder, port)
    try:
        with httpx.Client(base_url=address, timeout=30) as client:
            until(lambda: client.get("/sign-in").status_code == 200, process)
            waited = time.perf_counter() - began
            worked, small = processor_seconds(process.pid), resident_mb(process.pid)
            until(lambda: "Siap dipakai" in client.get("/health").text, process)
            time.sleep(1)
            large = resident_mb(process.pid)
            if idle:
                rest(client, process, idle)
            return waited, worked, small, large
    finally:
        process.terminate()
        process.wait()


def rest(client: httpx.Client, process: subprocess.Popen, idle: float) -> None:
    own = {"Origin": str(client.base_url).rstrip("/")}
    answer = client.post("/sign-in", data={"operator": f"op-{STATION}", "pin": PIN}, headers=own)
    assert answer.status_code == 303, answer.text
    time.sleep(10)
    before, wall = processor_seconds(process.pid), time.perf_counter()
    while time.perf_counter() - wall < idle:
        time.sleep(5)
        client.get("/bar")  # as the page does that stands open meanwhile
    spent, passed = processor_seconds(process.pid) - before, time.perf_counter() - wall
    print(f"idle with an open store and page: {100 * spent / passed:.2f} % of one core over {passed:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description="From the start of a station's process to its sign-in page")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--idle", type=float, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rekam-bench-") as scratch:
        folder = Path(scratch) / "country"
        make_country(folder, demo_country(date(2026, 11, 21)), cost=Cost(1024, 1, 1))
        taken = [one(folder, asked.idle if at == 0 else 0) for at in range(asked.starts)]
    waited, worked, small, large = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"start to 200 of /sign-in: {waited:.2f} s waited, {worked:.2f} s of processor; medians of {asked.starts}")
    print(f"memory: {small:.0f} MB at the sign-in page, {large:.0f} MB with the engine loaded")


if __name__ == "__main__":
    main()
