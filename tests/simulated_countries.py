"""Schedules of the simulated country in a process of their own, and what must be true of any number of them."""

import json
import subprocess
import sys

EACH = 500
"""Schedules a test file. There are two, so that two workers of the test run share them (docs/simulate.md)."""


def simulated(first: int, last: int) -> dict[str, object]:
    """What `rekam simulate` tells of these seeds."""
    command = [sys.executable, "-m", "rekam.apps.cli", "simulate", "--seeds", f"{first}-{last}", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["violations"] == []
    assert done.returncode == 0
    return told


def assert_worth_the_name(told, schedules):
    """So many, each with stations, recordings and misfortunes enough, and each never looked at."""
    assert told["schedules"] == schedules
    assert told["least"]["stations"] >= 3
    assert told["least"]["recordings"] >= 50
    assert told["least"]["faults"] >= 20
    assert set(told["checks"]) == {f"never {number}" for number in range(1, 21)}
    assert min(told["checks"].values()) > 0
    assert min(told["exercised"].values()) > 0, "a never that could not have happened was not tested"
    assert {"restored image", "re-install", "thief", "courier", "damaged stick"} <= set(told["faults"])
    assert {"office set back", "office's courier"} <= set(told["faults"])
    assert {"power cut", "kill", "bit flip", "full disk", "EIO", "clock jump", "lost response"} <= set(told["faults"])
