"""The least of several runs: on a shared machine the least disturbed one says most about the code."""

import time
from collections.abc import Callable


def least_seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Seconds of the fastest run, on this thread's processor time."""
    seconds = []
    for _ in range(runs):
        began = time.thread_time()
        work()
        seconds.append(time.thread_time() - began)
    return min(seconds)
