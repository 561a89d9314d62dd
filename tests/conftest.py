"""What holds for every test, and the fixtures that tests of several folders share."""

import gc
import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from longest_first import LONGEST_FIRST

# compiled modules halve the start of every process that a test starts, and of the run itself
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# a run that was put into the background ignores Ctrl-C, and so would the places whose Ctrl-C is tested
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# a crowded machine is no failure: what must be quick is measured in processor time by a test of its own. The examples are
# the same in every run, so that what passed before it was handed in passes after; `REKAM_RANDOM=1` looks for new ones.
_NEW = "REKAM_RANDOM" in os.environ
settings.register_profile("rekam", deadline=None, derandomize=not _NEW, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rekam")


# five thousand tests and all they import stay until the end: no collection of garbage looks at them, now or later
gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files begin first (needs `--no-loadscope-reorder`, which would begin those of one long test last)."""
    here = Path(__file__).parent
    turn = {here / name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: turn.get(item.path, len(turn)))


@pytest.fixture
def moody():
    """The device of `moody_counter`."""
    from moody_device import MoodyDevice

    return MoodyDevice()


@pytest.fixture
def moody_counter(tmp_path, moody):
    """A station that captures with `moody` alone."""
    from moody_device import moody_counter

    with moody_counter(tmp_path, moody) as counter:
        yield counter
