"""A real process whose machine is years off: `wrong_clock`."""

import os
import shutil
import subprocess
from pathlib import Path

__all__ = ["CAN_BE_WRONG", "wrong_clock"]

CAN_BE_WRONG = shutil.which("faketime") is not None
"""Whether libfaketime is here; `tests.machine` installs it where it can."""


def wrong_clock(offset: str) -> dict[str, str]:
    """The environment in which a process, and what it starts, reads a wall clock that is `offset` off: -6y, +400d."""
    asked = subprocess.run(
        ["faketime", "-f", "+0", "printenv", "LD_PRELOAD"], capture_output=True, text=True, check=True
    )
    sleeping = str(Path(__file__).parent / "sleeping")
    path = os.pathsep.join([sleeping, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    faked = {"LD_PRELOAD": asked.stdout.strip(), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return faked | {"PYTHONPATH": path}
