"""The runbooks of twin, restore and rebuilding, run as they stand on real processes by one who only reads them."""

import re
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import httpx
import pytest

from patience import PATIENCE_S
from rekam.apps.provision import make_country
from rekam.drill.country import PlaceProcess
from rekam.drill.demo import demo_country
from rekam.drill.ports import free_port
from rekam.trust.pin import Cost

RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
STARTS = re.compile(r"^(centre|centre twin|office) --")


def commands(runbook: str) -> list[str]:
    """Its commands in their order, without the word `rekam`."""
    blocks = re.findall(r"^```sh\n(.*?)^```", (RUNBOOKS / runbook).read_text(), re.DOTALL | re.MULTILINE)
    return [line.removeprefix("rekam ") for block in blocks for line in block.splitlines() if line.strip()]


class Reader:
    """Follows a runbook in a folder; every port that it names is a free one of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports: dict[str, int] = {}
        self.places: list[PlaceProcess] = []

    def here(self, text: str) -> str:
        return re.sub(r"\b(84\d\d|54\d\d)\b", lambda port: str(self.port(port[1])), text)

    def port(self, written: str) -> int:
        return self.ports.setdefault(written, free_port())

    def start(self, command: str) -> PlaceProcess:
        """A command that serves until it is stopped."""
        words = self._words(command)
        at = words.index("--port")
        for index, flag in enumerate(words[:-1], 1):
            if flag in {"--data", "--keys"}:
                assert (self.folder / words[index]).exists(), (
                    f"the runbook does not say where {words[index]} comes from"
                )
                words[index] = str(self.folder / words[index])
        place = PlaceProcess(words[0], tuple(words[:at] + words[at + 2 :]), int(words[at + 1]), self.log)
        place.start()
        self.places.append(place)
        return place

    def run(self, command: str, *flags: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rekam.apps.cli", *self._words(command), *flags],
            check=False, capture_output=True, text=True, cwd=self.folder, timeout=2 * PATIENCE_S,
        )  # fmt: skip

    def stop(self) -> None:
        for place in reversed(self.places):
            place.stop()

    @property
    def log(self) -> Path:
        return self.folder / "places.log"

    def _words(self, command: str) -> list[str]:
        return [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', self.here(command))]


@pytest.fixture
def reader(tmp_path):
    make_country(tmp_path / "data", demo_country(date(2016, 10, 3)), cost=Cost(memory_kib=1024, passes=1, lanes=1))
    made = Reader(tmp_path)
    yield made
    made.stop()


def test_every_command_of_the_runbooks_is_one_that_this_test_runs():
    assert [STARTS.match(command) is not None for command in commands("centre-twin.md")] == [1, 1, 0, 0, 0, 1]
    assert [STARTS.match(command) is not None for command in commands("centre-restore.md")] == [0, 0, 1, 0]
    assert [STARTS.match(command) is not None for command in commands("office-rebuild.md")] == [0, 0, 1, 0]


def test_the_twins_runbook(reader):
    serve, twin, pair, alone, promote, rejoin = commands("centre-twin.md")
    centre = reader.start(serve)
    (reader.folder / "twin" / "centre").mkdir(parents=True)
    shutil.copy(reader.folder / "data" / "centre" / "place.json", reader.folder / "twin" / "centre")
    shutil.copy(reader.folder / "data" / "keys" / "centre.keys", reader.folder / "twin")
    reader.start(twin)
    until(lambda: "paired" in reader.run(pair).stdout)
    assert reader.run(alone).returncode == 0
    until(lambda: "paired" in reader.run(pair).stdout)
    done = reader.run(promote)
    assert done.returncode == 0, done.stderr
    assert "generation 2" in done.stdout
    until(lambda: not centre.running)
    reader.start(rejoin)
    until(lambda: "paired" in reader.run(pair.replace("data/centre", "twin/centre")).stdout)


def test_the_runbook_of_backup_and_restore_with_an_office_that_hands_back(reader):
    backup, restore, serve, resume = commands("centre-restore.md")
    centre = reader.start(commands("centre-twin.md")[0])
    office = (
        "office --data data/office-3174 --keys data/keys/office-3174.keys --centre http://127.0.0.1:8400 --port 8401"
    )
    reader.start(office)
    done = reader.run(backup)
    assert done.returncode == 0, done.stderr
    centre.stop()
    done = reader.run(restore)
    assert done.returncode == 0, done.stderr
    reader.start(serve)
    refused = httpx.get(reader.here("http://127.0.0.1:8400/log/checkpoint"), timeout=PATIENCE_S)
    assert refused.status_code == 503, "it says nothing before it has recollected"
    until(lambda: reader.run(resume).returncode == 0)
    assert httpx.get(reader.here("http://127.0.0.1:8400/log/checkpoint"), timeout=PATIENCE_S).is_success


def test_the_offices_runbook(reader):
    keep, rebuild, serve, put_back = commands("office-rebuild.md")
    reader.start(commands("centre-twin.md")[0])
    old = reader.start(serve.replace("new/office", "data/office"))
    (reader.folder / "keep").mkdir()
    done = reader.run(keep)
    assert done.returncode == 0, done.stderr
    old.kill()
    (reader.folder / "new" / "office-3174").mkdir(parents=True)
    shutil.copy(reader.folder / "data" / "office-3174" / "place.json", reader.folder / "new" / "office-3174")
    done = reader.run(rebuild)
    assert done.returncode == 0, done.stderr
    assert "rows of blank_ledger" in done.stdout
    reader.start(serve).stop()
    done = reader.run(put_back)
    assert done.returncode == 0, done.stderr
    reader.start(serve)


def until(done, seconds: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.5)
