"""A courier's journey on real processes: no line anywhere, and the commands are those of docs/runbooks/courier.md."""

import json
import re
import shlex
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import httpx
import pytest

from patience import PATIENCE_S
from rekam.drill.country import PlaceProcess, start_all, stop_all
from rekam.drill.demo import PASSWORD, PIN, demo_country
from rekam.drill.ports import free_port
from rekam.exchange.machine_trust import machine_trust
from small_country import OPERATOR, Link, country, open_station, record

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("courier")]

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbooks" / "courier.md"


def commands() -> list[str]:
    """Every command of the runbook's steps, in their order."""
    blocks = re.findall(r"```sh\n(.*?)```", RUNBOOK.read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


class Places:
    """Centre, office and station as processes; office and station are told addresses where nobody answers."""

    def __init__(self, folder: Path) -> None:
        people = [one for one in demo_country(date(2016, 10, 3)).residents if one.birth_date.year < 1990][:2]
        self.home = country(folder / "country", *people)
        station = open_station(self.home, Link())
        self.recorded = {record(station, person.nik).packet_id for person in people}
        station.close()
        self.stick = folder / "stick"
        self.stick.mkdir()
        dead = f"http://127.0.0.1:{free_port()}"
        self.centre = self._place("centre", "centre")
        self.office = self._place("office", "office-3174", "--centre", dead)
        self.station = self._place("station", "station-317401-01", "--office", dead)
        self.all = (self.centre, self.office, self.station)

    def _place(self, kind: str, name: str, *more: str) -> PlaceProcess:
        held = ("--data", str(self.home / name), "--keys", str(self.home / "keys" / f"{name}.keys"))
        return PlaceProcess(name, (kind, *held, *more), free_port(), self.home.with_name(f"{name}.log"))

    def run(self, command: str, *more: str) -> dict:
        """A command of the runbook with this stick and these ports; its JSON report."""
        ports = {"8400": self.centre, "8401": self.office, "8403": self.station}
        command = command.replace("/media/kurir", str(self.stick))
        for told, place in ports.items():
            command = command.replace(f":{told}", f":{place.port}")
        program, *arguments = shlex.split(command)
        assert program == "rekam"
        secret = PIN if OPERATOR in arguments else PASSWORD
        done = subprocess.run(
            [sys.executable, "-m", "rekam.apps.cli", *arguments, *more],
            input=f"{secret}\n",
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.returncode in {0, 1}, done.stderr
        return json.loads(done.stdout)["report"] | {"code": done.returncode}

    def counts(self) -> dict:
        return httpx.get(f"{self.centre.url}/api/state", timeout=PATIENCE_S, verify=machine_trust()).json()

    def unsent(self) -> int:
        return httpx.get(f"{self.station.url}/api/state", timeout=PATIENCE_S, verify=machine_trust()).json()["unsent"]

    def at_office(self) -> dict:
        with httpx.Client(base_url=self.office.url, timeout=PATIENCE_S, verify=machine_trust()) as client:
            client.post("/sign-in", data={"name": "kantor", "password": PASSWORD})
            return client.get("/api/state").json()

    def at_station(self) -> list[dict]:
        with httpx.Client(base_url=self.station.url, timeout=PATIENCE_S, verify=machine_trust()) as client:
            client.post("/api/sign-in", json={"operator": OPERATOR, "pin": PIN})
            return client.get("/api/recordings").json()


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    made = Places(tmp_path_factory.mktemp("courier"))
    start_all(made.all)
    yield made
    stop_all(made.all)


def test_a_newcomer_carries_everything_by_the_runbook_and_the_sums_agree(places):
    out, at_office, relay, at_centre, home, again, back = commands()
    count = len(places.recorded)

    said = places.run(out, "--json")
    assert (said["packets"], said["left"], said["code"]) == (count, 0, 0)
    assert places.unsent() == count, "a copy is no delivery"
    (file,) = places.run(at_office, "--json")["files"]
    assert (file["taken"], file["answer"]["receipts"]) == (count, count)
    assert places.run(relay, "--json")["packets"] == count
    (file,) = places.run(at_centre, "--json")["files"]
    assert (file["taken"], file["answer"]["receipts"]) == (count, count)
    assert places.counts()["received"] == count

    deadline = time.monotonic() + 2 * PATIENCE_S
    while places.counts()["done"] < count:
        assert time.monotonic() < deadline, places.counts()
        time.sleep(1)
    (file,) = places.run(at_centre, "--json")["files"]  # the stick is read again before the courier leaves
    assert (file["taken"], file["known"]) == (0, count)
    said = places.run(home, "--json")
    assert (said["taken"], said["doubted"], said["feed_problem"]) == (count, [], None)
    assert said["entries"] >= 3 * count, "accepted, result, print order"
    (file,) = places.run(again, "--json")["files"]
    assert (file["taken"], file["known"]) == (0, count)
    said = places.run(back, "--json")
    assert (said["taken"], said["doubted"], said["code"]) == (count, [], 0)

    office, recordings = places.at_office(), places.at_station()
    assert places.unsent() == office["backlog"] == 0
    assert len(recordings) == office["packets"] == office["relayed"] == places.counts()["received"] == count
    assert {each["packet_id"] for each in recordings} == places.recorded
    assert office["print_orders"] == count
    assert {each["status"] for each in recordings} == {"PRINT_READY_RECORD"}


def test_nothing_on_the_stick_shows_who_was_recorded(places):
    names = [each["name"].encode() for each in places.at_station()] + [
        each["nik"].encode() for each in places.at_station()
    ]
    files = list(places.stick.iterdir())
    assert files
    assert len(names) == 2 * len(places.recorded)
    for file in files:
        data = file.read_bytes()
        assert not [name for name in names if name in data]


def test_a_wrong_password_begins_nothing(places):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "rekam.apps.cli", "courier", "in", str(places.stick)),
            *("--as", "kantor", "--at", places.office.url),
        ],
        input="wrong\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 2
    assert "could not sign in" in done.stderr
