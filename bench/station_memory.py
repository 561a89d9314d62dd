"""The memory of a station's real process, from its sign-in page to a day of sittings over many recordings.

    python -m bench.station_memory [--people 100000] [--distinct 2400] [--sittings 3]

The demo's first station is filled as `bench.local_search` fills one, and started as a process of its own; fingers,
irises and faces come over SBI from a simulated device, which is another process. Then whole sittings are recorded
through its API. Resident memory of the station's process alone; in brackets what of it no file backs.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import httpx
from bench.local_search import fill
from bench.station_start import STATION, processor_seconds, started, until

from rekam.apps.provision import make_country
from rekam.drill.cast import Actor
from rekam.drill.demo import PIN, SUPERVISOR_PIN, demo_country
from rekam.drill.operator import Desk
from rekam.drill.ports import free_port
from rekam.drill.witness import Witness
from rekam.station.devices.cast import Role
from rekam.station.unlock import Operators
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.pin import Cost

OPERATOR, SUPERVISOR, SBI_PORT = f"op-{STATION}", f"spv-{STATION}", 4599
MB = 1024 / 1e6


def told(name: str, process: int) -> None:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    status = dict(line.split(":", 1) for line in lines if line.startswith(("VmRSS", "VmHWM", "RssAnon")))
    now, most, own = (int(status[name].split()[0]) * MB for name in ("VmRSS", "VmHWM", "RssAnon"))
    print(f"{name}: {now:.0f} MB ({own:.0f}); most so far {most:.0f}", flush=True)


def store_key(home: Path, keys: Path) -> bytes:
    operators = Operators(home / "operators.cbor", SystemClock(), pepper=keyfile.load(keys)["pepper"])
    return operators.sign_in(OPERATOR, PIN).store_key


def simulated_device(home: Path, keys: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "rekam.apps.cli", "devices", "simulate", "--port", str(SBI_PORT), "--delay", "0"]
    return subprocess.Popen(
        [*command, "--trusted-by", str(home), "--keys", str(keys), "--no-bad-attempts"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def settled(process: int) -> None:
    """Until it has hardly worked for some seconds: what it loads beside its pages is loaded."""
    quiet, before = 0, processor_seconds(process)
    while quiet < 4:
        time.sleep(1)
        now = processor_seconds(process)
        quiet, before = (quiet + 1 if now - before < 0.1 else 0), now


def measured(country: Path, people: list, sittings: int) -> None:
    home = country / f"station-{STATION}"
    device = simulated_device(home, country / "keys" / "device.keys")
    os.environ["REKAM_DEVICES"] = "sbi-demo"
    port = free_port()
    process = started(country, port)
    try:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=30) as client:
            until(lambda: client.get("/sign-in").status_code == 200, process)
            told("sign-in page", process.pid)
            until(lambda: "Siap dipakai" in client.get("/health").text, process)
            told("engine loaded", process.pid)
        place = SimpleNamespace(url=url)
        desk = Desk(place, STATION, (OPERATOR, PIN), (SUPERVISOR, SUPERVISOR_PIN), Witness(country / "said"))
        desk.sign_in()
        settled(process.pid)
        told("recordings loaded", process.pid)
        for n, person in enumerate(people[:sittings], 1):
            desk.record(Actor(person, f"person-{n}", Role(n), 0), phase="bench", heed=False)
            told(f"after sitting {n}", process.pid)
        settled(process.pid)
        told("at rest", process.pid)
        desk.close()
    finally:
        for each in (process, device):
            each.terminate()
            each.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="The memory of a station's process")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--distinct", type=int, default=2400)
    parser.add_argument("--sittings", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rekam-bench-") as scratch:
        country, plan = Path(scratch) / "country", demo_country(date(2026, 11, 22))
        make_country(country, plan, cost=Cost(1024, 1, 1))
        home = country / f"station-{STATION}"
        key = store_key(home, country / "keys" / f"station-{STATION}.keys")
        filling = multiprocessing.get_context("spawn").Process(
            target=fill, args=(home / "station.db", key, asked.people, asked.distinct, 2), kwargs={"light": True}
        )
        filling.start()
        filling.join()
        grown = [one for one in plan.residents if one.nik.startswith(STATION[:6]) and one.birth_date.year < 2005]
        measured(country, grown, asked.sittings)


if __name__ == "__main__":
    main()
