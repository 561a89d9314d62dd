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
from rekam.drill.simulate.run import Lived, Schedule, broken_off, play, simulate
from rekam.drill.simulate.stretches import families, shared

__all__ = ["Report", "alone", "play_quietly", "run_many"]

_LOOKASIDE = (1200, 400)
"""Bytes and number of the pieces that each connection has for statements, ten times as many as by itself."""


@dataclass
class Report:
    """The sum of schedules. `least` holds, of any single schedule, the fewest stations, recordings and faults;
    `distinct` counts what schedules have in common once.
    """

    seeds: str
    schedules: int = 0
    stations: int = 0
    recordings: int = 0
    days: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    least: dict[str, int] = field(default_factory=dict)
    distinct: Counter[str] = field(default_factory=Counter)
    checks: Counter[int] = field(default_factory=Counter)
    exercised: Counter[int] = field(default_factory=Counter)
    violations: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, schedule: Schedule, before: Schedule | None) -> None:
        """One more; `before`: the one that was added last."""
        lived = schedule.lived
        self.schedules += 1
        self.stations += schedule.stations
        self.recordings += lived.recordings
        self.days += lived.days
        self.faults += lived.faults
        self.checks += schedule.checks
        self.exercised += schedule.exercised
        faults = lived.faults.total()
        counted = {"stations": schedule.stations, "recordings": lived.recordings, "faults": faults}
        self.least = {name: min(count, self.least.get(name, count)) for name, count in counted.items()}
        common = shared(schedule.seed, before.seed) if before else 0
        known = schedule.after[common - 1] if common else Lived(0.0, 0, Counter())
        self.distinct["families"] += not common
        self.distinct["recordings"] += lived.recordings - known.recordings
        self.distinct["days"] += round(lived.days - known.days)
        self.distinct["faults"] += faults - known.faults.total()
        if schedule.violations:
            told = {"seed": schedule.seed, "what": schedule.violations, "trace": schedule.trace[-40:]}
            self.violations.append(told)

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
            "distinct": dict(self.distinct),
            "checks": {f"never {never}": count for never, count in sorted(self.checks.items())},
            "exercised": {f"never {never}": self.exercised[never] for never in range(1, 21)},
            "violations": self.violations,
            "seconds": round(self.seconds, 1),
        }


def run_many(
    first: int, last: int, *, days: float, jobs: int = 1, done: Callable[[Schedule], None] = lambda _schedule: None
) -> Report:
    """The seeds `first` to `last`, both included; `done` is told each schedule in the order of seeds, when its family
    has ended.
    """
    began, report = monotonic(), Report(f"{first}-{last}")
    before = None
    for schedules in _played(families(first, last), days, jobs):
        for schedule in schedules:
            report.add(schedule, before)
            done(schedule)
            before = schedule
    report.seconds = monotonic() - began
    return report


def _played(each: list[range], days: float, jobs: int) -> Iterable[list[Schedule]]:
    forking = multiprocessing.get_context("forkserver")  # the modules are read once, not once for each process
    forking.set_forkserver_preload([__name__])
    with forking.Pool(jobs, alone) as pool:
        yield from pool.imap(partial(play_quietly, days=days), each)


def _alone(seed: int, days: float) -> Schedule:
    try:
        return simulate(seed, days=days)
    except Exception as error:  # noqa: BLE001  # told as a violation
        return broken_off(seed, error)


def alone() -> None:
    """This process simulates and does nothing else. SQLite needs no locks and counts no memory for its one thread;
    modules and the cast stay for ever: the collector, which runs after each family, need not look at them.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if not apsw.connections():
        apsw.shutdown()
        apsw.config(apsw.SQLITE_CONFIG_SINGLETHREAD)
        apsw.config(apsw.SQLITE_CONFIG_MEMSTATUS, False)
        apsw.config(apsw.SQLITE_CONFIG_LOOKASIDE, *_LOOKASIDE)
        apsw.initialize()
    cast()
    gc.collect()
    gc.freeze()


def play_quietly(seeds: range, *, days: float) -> list[Schedule]:
    """The trace of a sound schedule is not carried over. What breaks one off ends neither the others nor the run."""
    try:
        schedules = play(seeds, days=days)
    except Exception:  # noqa: BLE001  # each alone, so that it names its seed
        schedules = [_alone(seed, days) for seed in seeds]
    for schedule in schedules:
        if not schedule.violations:
            schedule.trace = []
    gc.collect()
    return schedules
