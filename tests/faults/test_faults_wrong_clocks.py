"""Real processes whose machines are years off: a whole drill, with nothing lost, late or dated by the wrong clock."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rekam.apps.provision import make_country
from rekam.drill.drill import Drill, play_of
from rekam.drill.options import Options
from rekam.drill.progress import Progress
from rekam.trust.pin import Cost

OPTIONS = Options(people=3, stations=2, second_recordings=1, outage_s=0.5, seed=7)
OFFSETS = {"office-3174": "-6y", "station-317401-01": "+11y", "station-317402-01": "+400d"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("faketime") is None, reason="faketime is not installed, and apt could not install it"
    ),
]


def wrong_clock(offset: str) -> dict[str, str]:
    """The environment in which a process, and what it starts, reads a wall clock that is `offset` off."""
    asked = subprocess.run(
        ["faketime", "-f", "+0", "printenv", "LD_PRELOAD"], capture_output=True, text=True, check=True
    )
    path = os.pathsep.join([str(Path(__file__).parent / "sleeping"), os.environ.get("PYTHONPATH", "")]).rstrip(
        os.pathsep
    )
    faked = {"LD_PRELOAD": asked.stdout.strip(), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return faked | {"PYTHONPATH": path}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    def make(folder, plan):
        make_country(folder, plan, cost=Cost(memory_kib=8 * 1024, passes=1))

    with_drill = Drill(OPTIONS, play_of(OPTIONS), tmp_path_factory.mktemp("clocks"), make, Progress(quiet=True))
    for place in with_drill.country.places:
        if place.name in OFFSETS:
            place.environment = wrong_clock(OFFSETS[place.name])
    with with_drill as drill:
        drill.play()
        yield drill


def test_a_country_with_clocks_years_off_loses_and_doubles_nothing(played):
    outcome = played.reckon()
    assert outcome.problems == []
    assert (outcome.lost, outcome.double_counted, outcome.missed_duplicates, outcome.false_duplicates) == (0, 0, 0, 0)
    assert outcome.recorded == outcome.received == outcome.backed_up


def test_the_clocks_were_really_wrong(played):
    """The office's own words: its database read the same clock as itself."""
    del played
    program = "import datetime, time; time.sleep(0.01); print(datetime.datetime.now().year)"
    asked = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | wrong_clock("+11y"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(asked.stdout) - datetime.now(UTC).year in {10, 11}
