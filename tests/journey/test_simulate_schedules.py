"""Many countries, each from its own seed, through everything that can go wrong: none of the twenty nevers happens."""

import json
import subprocess
import sys

SCHEDULES = 40
"""A thousand in three minutes is the aim; this many keep `make test` short until a schedule costs 0.3 s."""


def test_many_countries_survive_everything_and_none_of_the_nevers_happens():
    command = [sys.executable, "-m", "rekam.apps.cli", "simulate", "--seeds", f"1-{SCHEDULES}", "--jobs", "2", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["violations"] == []
    assert done.returncode == 0
    assert told["schedules"] == SCHEDULES
    assert told["least"]["stations"] >= 3
    assert told["least"]["recordings"] >= 50
    assert told["least"]["faults"] >= 20
    assert set(told["checks"]) == {f"never {number}" for number in range(1, 21)}
    assert min(told["checks"].values()) > 0
    assert {"power cut", "kill", "bit flip", "full disk", "EIO", "clock jump", "lost response"} <= set(told["faults"])
