"""What a schedule of the simulated country costs, in processor time: `simulated`."""

import logging
from statistics import mean, median
from time import process_time

import structlog

from rekam.drill.simulate.many import alone
from rekam.drill.simulate.run import simulate

SEEDS = range(1, 11)
"""Nine of 30 days and one of 220, as among any ten."""


def simulated() -> list[tuple[str, str]]:
    """CPU-seconds a schedule over ten seeds, after one that warms up, in a process as `rekam simulate` has them;
    recordings as a check that work was done.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    alone()
    simulate(0)
    seconds, recordings = [], 0
    for seed in SEEDS:
        began = process_time()
        recordings += simulate(seed).recordings
        seconds.append(process_time() - began)
    structlog.reset_defaults()
    return [
        ("simulated schedule, mean of ten", f"{mean(seconds):.2f} CPU-s"),
        ("simulated schedule, median", f"{median(seconds):.2f} CPU-s"),
        ("simulated schedule, a recording", f"{1000 * sum(seconds) / recordings:.1f} CPU-ms"),
    ]


if __name__ == "__main__":
    for title, figure in simulated():
        print(f"{title}: {figure}")
