"""A real process whose machine is years off: `wrong_clock`."""

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

__all__ = ["CAN_BE_WRONG", "wrong_clock"]

CAN_BE_WRONG = shutil.which("faketime") is not None
"""Whether libfaketime is here; `tests.machine` installs it where it can."""

_SHARED = Path("/dev/shm")  # where glibc keeps what libfaketime shares among processes
_OF_PROCESS = re.compile(r"(?:sem\.)?faketime_(?:sem|shm)_(\d+)")


def wrong_clock(offset: str) -> dict[str, str]:
    """The environment in which a process, and what it starts, reads a wall clock that is `offset` off: -6y, +400d."""
    clear_left_behind()
    asked = subprocess.run(
        ["faketime", "-f", "+0", "printenv", "LD_PRELOAD"], stdout=subprocess.PIPE, text=True, check=True
    )
    sleeping = str(Path(__file__).parent / "sleeping")
    path = os.pathsep.join([sleeping, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    faked = {"LD_PRELOAD": asked.stdout.strip(), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return faked | {"PYTHONPATH": path}


def clear_left_behind(folder: Path = _SHARED) -> None:
    """A process that was killed leaves its shared clock behind, and the next one that gets its number from the system
    does not start ("shm_open: File exists"). Where tests run in containers of one machine, numbers come again soon.
    """
    for file in folder.glob("*faketime_s*"):
        found = _OF_PROCESS.fullmatch(file.name)
        with suppress(OSError):  # another's who runs the tests here too, or gone meanwhile
            if found and not _of_a_running_one(int(found[1]), file.stat().st_mtime):
                file.unlink()


def _of_a_running_one(number: int, made_at: float) -> bool:
    try:
        return psutil.Process(number).create_time() <= made_at + 1
    except psutil.NoSuchProcess:
        return False
