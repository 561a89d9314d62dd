"""Loaded by every Python under libfaketime: its sleeping, made to work.

CPython sleeps until an absolute monotonic time (clock_nanosleep, TIMER_ABSTIME), and libfaketime 0.9.10 shifts that by
the wall clock's offset even when told to leave monotonic time alone: EINVAL. select waits for a span instead.
"""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], max(0.0, seconds))


time.sleep = sleep
