import os
from pathlib import Path

from rekam.abis.evaluation.extracted import Extraction
from rekam.abis.evaluation.workers import DIED, cores, worked_through


def work(path):
    """Stands for an extraction; some images kill."""
    if path.name == "deadly":
        os._exit(9)
    return Extraction(path.name.encode(), "", 1.0)


def settle(folder):
    (folder / str(os.getpid())).write_text(str(len(cores())))


def test_an_image_that_kills_its_process_is_the_only_one_that_fails(tmp_path):
    names = ["a", "b", "c", "deadly", "d", "e"]
    told = list(worked_through([Path(name) for name in names], 2, work, settle, (tmp_path,)))
    assert [each.template for each in told] == [None if name == "deadly" else name.encode() for name in names]
    assert told[3].failure == DIED


def test_more_processes_than_cores_share_them_and_each_keeps_to_one(tmp_path):
    names = [str(number) for number in range(24)]
    told = list(worked_through([Path(name) for name in names], len(cores()) + 1, work, settle, (tmp_path,)))
    assert [each.template for each in told] == [name.encode() for name in names]
    assert {path.read_text() for path in tmp_path.iterdir()} == (
        {"1"} if hasattr(os, "sched_getaffinity") else {str(len(cores()))}
    )
