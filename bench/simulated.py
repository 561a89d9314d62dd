"""What a schedule of the simulated country costs, in processor time: `simulated`."""

import gc
import os
from collections.abc import Sequence
from statistics import mean

import structlog

from rekam.drill.simulate.many import alone
from rekam.drill.simulate.run import play
from rekam.drill.simulate.stretches import FAMILY

FAMILIES = (0, 1, 2)
"""Of the three, offices are put back in the last, as among any three."""


def simulated() -> list[tuple[str, str]]:
    """CPU-seconds a schedule: in whole families, copies of the process included, and alone; after one that warms up, in
    a process as `rekam simulate` has them; recordings as a check that work was done.
    """
    alone()
    play([0])
    whole, single, recordings = [], [], 0
    for family in FAMILIES:
        first = family * FAMILY + 1
        seconds, told = _cost(range(first, first + FAMILY))
        whole.append(seconds)
        recordings += told
        single.append(_cost([first])[0])
    structlog.reset_defaults()
    return [
        ("simulated schedule, in a family", f"{mean(whole):.2f} CPU-s"),
        ("simulated schedule, alone", f"{mean(single):.2f} CPU-s"),
        ("simulated schedules, recordings each", f"{recordings / (len(FAMILIES) * FAMILY):.1f}"),
    ]


def _cost(seeds: Sequence[int]) -> tuple[float, int]:
    """CPU-seconds of a schedule, and the recordings of all."""
    began = _used()
    schedules = play(seeds)
    gc.collect()
    return (_used() - began) / len(seeds), sum(schedule.lived.recordings for schedule in schedules)


def _used() -> float:
    """CPU-seconds of this process and of the copies of it that have ended."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    for title, figure in simulated():
        print(f"{title}: {figure}")
