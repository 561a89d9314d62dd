"""Many schedules, one after another or side by side in processes: `run_many`, and what they came to: `Report`."""

import gc
import logging
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

import apsw
import structlog

from rekam.drill.simulate.cast import cast
from rekam.drill.simulate.run import Schedule, simulate

__all__ = ["Report", "alone", "run_many"]

_AT_A_TIME = 4
_LOOKASIDE = (1200, 400)
"""Bytes and number of the pieces that each connection has for statements, ten times as many as by itself."""


@dataclass
class Report:
    """The sum of schedules. `least` holds, of any single schedule, the fewest stations, recordings and faults."""

    seeds: str
    schedules: int = 0
    stations: int = 0
    recordings: int = 0
    days: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    least: dict[str, int] = field(default_factory=dict)
    checks: Counter[int] = field(default_factory=Counter)
    exercised: Counter[int] = field(default_factory=Counter)
    violations: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, schedule: Schedule) -> None:
        """One more."""
        self.schedules += 1
        self.stations += schedule.stations
        self.recordings += schedule.recordings
        self.days += schedule.days
        self.faults += schedule.faults
        self.checks += schedule.checks
        self.exercised += schedule.exercised
        counted = {
            "stations": schedule.stations,
            "recordings": schedule.recordings,
            "faults": sum(schedule.faults.values()),
        }
        self.least = {name: min(count, self.least.get(name, count)) for name, count in counted.items()}
        for told in schedule.violations:
            self.violations.append({"seed": schedule.seed, "what": told, "trace": schedule.trace[-40:]})

    def to_map(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {
            "seeds": self.seeds,
            "schedules": self.schedules,
            "stations": self.stations,
            "recordings": self.recordings,
            "days": round(self.days),
            "faults": dict(sorted(self.faults.items())),
            "least": self.least,
            "checks": {f"never {never}": count for never, count in sorted(self.checks.items())},
            "exercised": {f"never {never}": self.exercised[never] for never in range(1, 21)},
            "violations": self.violations,
            "seconds": round(self.seconds, 1),
        }


def run_many(
    first: int, last: int, *, days: float, jobs: int = 1, done: Callable[[Schedule], None] = lambda _schedule: None
) -> Report:
    """The seeds `first` to `last`, both included; `done` is told each schedule as it ends, in the order of seeds."""
    began, report = monotonic(), Report(f"{first}-{last}")
    for schedule in _schedules(range(first, last + 1), days, jobs):
        report.add(schedule)
        done(schedule)
    report.seconds = monotonic() - began
    return report


def _schedules(seeds: Iterable[int], days: float, jobs: int) -> Iterable[Schedule]:
    run = partial(_quietly, days=days)
    if jobs == 1:
        alone()
        yield from map(run, seeds)
        return
    forking = multiprocessing.get_context("forkserver")  # the modules are read once, not once for each process
    forking.set_forkserver_preload([__name__])
    with forking.Pool(jobs, alone) as pool:
        yield from pool.imap(run, seeds, chunksize=_AT_A_TIME)


def alone() -> None:
    """This process simulates and does nothing else. SQLite needs no locks and counts no memory for its one thread;
    modules and the cast stay for ever: the collector, which runs after each schedule, need not look at them.
    """
    if not apsw.connections():
        apsw.shutdown()
        apsw.config(apsw.SQLITE_CONFIG_SINGLETHREAD)
        apsw.config(apsw.SQLITE_CONFIG_MEMSTATUS, False)
        apsw.config(apsw.SQLITE_CONFIG_LOOKASIDE, *_LOOKASIDE)
        apsw.initialize()
    cast()
    gc.collect()
    gc.freeze()


def _quietly(seed: int, *, days: float) -> Schedule:
    """What places log of their misfortunes is not news here; the trace of a sound schedule is not carried over."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    schedule = simulate(seed, days=days)
    if not schedule.violations:
        schedule.trace = []
    gc.collect()
    return schedule
