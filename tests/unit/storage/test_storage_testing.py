"""Throw-away clusters of runs that were killed do not stay in memory."""

import fcntl
import os

import pytest

from rekam.storage.testing import clear_forgotten


@pytest.fixture
def cluster(tmp_path):
    """A cluster's folder as one that started an hour ago has it."""
    folder = tmp_path / "rekam-test-pg-one"
    (folder / "data").mkdir(parents=True)
    lock = folder / "owner.lock"
    lock.touch()
    os.utime(lock, (1, 1))
    return folder


def test_one_that_nobody_owns_any_more_is_removed(cluster, tmp_path):
    clear_forgotten(tmp_path)
    assert not cluster.exists()


def test_one_that_is_in_use_stays(cluster, tmp_path):
    with (cluster / "owner.lock").open("a") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        clear_forgotten(tmp_path)
    assert (cluster / "data").exists()


def test_one_that_is_just_being_made_stays(cluster, tmp_path):
    (cluster / "owner.lock").touch()
    clear_forgotten(tmp_path)
    assert (cluster / "data").exists()


def test_what_has_another_name_stays(cluster, tmp_path):
    other = cluster.rename(tmp_path / "somebody-else")
    clear_forgotten(tmp_path)
    assert other.exists()
