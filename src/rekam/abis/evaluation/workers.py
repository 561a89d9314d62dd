"""Processes that have a core each and survive, as a whole, an image that kills one of them."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import cycle, islice
from pathlib import Path
from queue import Queue
from typing import Any

from rekam.abis.evaluation.extracted import Extraction

Settle = Callable[..., None]
DIED = "the process that extracted it ended before its time (memory, or a crash)"
CHUNK = 4


def worked_through(
    paths: Sequence[Path], count: int, work: Callable[[Path], Extraction], settle: Settle, told: Sequence[Any]
) -> Iterator[Extraction]:
    """What `work` makes of each path, in order, by `count` processes that `settle(*told)` has made ready.

    Where a process dies, the paths that are not done yet go through one at a time: who kills it again is the failure.
    """
    done = 0
    pool = _pool(count, settle, told)
    try:
        for extraction in pool.map(work, paths, chunksize=CHUNK):
            yield extraction
            done += 1
    except BrokenProcessPool:
        yield from _one_at_a_time(paths[done:], work, settle, told)
    finally:
        pool.shutdown(cancel_futures=True)


def _one_at_a_time(
    paths: Sequence[Path], work: Callable[[Path], Extraction], settle: Settle, told: Sequence[Any]
) -> Iterator[Extraction]:
    pool: ProcessPoolExecutor | None = None
    for path in paths:
        pool = pool or _pool(1, settle, told)
        try:
            yield pool.submit(work, path).result()
        except BrokenProcessPool:
            pool.shutdown()
            pool = None
            yield Extraction(None, DIED, 0.0)
    if pool is not None:
        pool.shutdown()


def _pool(count: int, settle: Settle, told: Sequence[Any]) -> ProcessPoolExecutor:
    fresh = multiprocessing.get_context("spawn")
    free: Any = fresh.Queue()
    for core in islice(cycle(cores()), count):
        free.put(core)
    return ProcessPoolExecutor(count, fresh, _pinned, (free, settle, *told))


def _pinned(free: "Queue[int]", settle: Settle, *told: Any) -> None:
    """Gives a new process one core for all of its threads before anything else."""
    core = free.get()
    if hasattr(os, "sched_setaffinity"):
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setaffinity(int(thread.name), {core})
    settle(*told)


def cores() -> list[int]:
    """Those this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))
