"""The centre's worker is a process of its own: started again when it dies, gone when the centre is."""

import os
import signal
import time
from datetime import date

import psutil
import pytest

from patience import PATIENCE_S
from rekam.apps.provision import make_country
from rekam.apps.worker_process import WorkerProcess
from rekam.centre.centre import TABLES
from rekam.drill.demo import demo_country
from rekam.drill.population import Population
from rekam.storage.testing import fresh_database
from rekam.trust.pin import Cost

ON = date(2026, 11, 21)


@pytest.fixture
def centre(tmp_path):
    """The centre's folder, its key file and its database."""
    people = tuple(Population(("317401",), seed=1, on=ON).residents(2))
    make_country(tmp_path / "country", demo_country(ON, people), cost=Cost(memory_kib=8 * 1024, passes=1))
    with fresh_database(*TABLES) as dsn:
        yield tmp_path / "country" / "centre", tmp_path / "country" / "keys" / "centre.keys", dsn


def until(reached):
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_killed_worker_is_followed_by_another_until_the_block_ends(centre):
    with WorkerProcess(*centre) as worker:
        first = worker.pid
        assert centre[2] not in " ".join(psutil.Process(first).cmdline())
        os.kill(first, signal.SIGKILL)
        until(lambda: worker.pid != first)
        second = worker.pid
        assert psutil.pid_exists(second)
    assert not psutil.pid_exists(first)
    assert not psutil.pid_exists(second)
