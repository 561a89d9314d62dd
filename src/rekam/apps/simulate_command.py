"""`rekam simulate`: a deterministic country, from one seed, through everything that can go wrong."""

import json
import logging
import sys
from typing import Annotated

import structlog
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from rekam.drill.simulate.checks.every import ELSEWHERE
from rekam.drill.simulate.many import Report, run_many
from rekam.drill.simulate.run import Schedule, simulate
from rekam.enrolment.errors import RekamError

__all__ = ["SeedsUnclear", "run"]


class SeedsUnclear(RekamError):
    """'{text}' names no seeds. Nothing was simulated. Write two numbers with a dash between them, such as 1-1000."""


def run(
    *,
    seeds: Annotated[str, Parameter(help="first and last seed, such as 1-1000")] = "1-20",
    days: Annotated[
        float, Parameter(help="simulated days of a schedule; seeds 181-200, 381-400 ... are longer")
    ] = 30.0,
    jobs: Annotated[int, Parameter(help="processes side by side")] = 1,
    trace: Annotated[bool, Parameter(help="print what happened, line by line", negative=())] = False,
    as_json: Annotated[bool, Parameter(name="--json", help="print one JSON object, nothing else", negative=())] = False,
) -> None:
    """Run schedules of a simulated country and check all twenty nevers. Exit code 1 when one of them happened."""
    first, last = _seeds(seeds)
    if trace:
        sys.exit(_replay(first, last, days))
    with _progress() as bar:
        task = bar.add_task("schedules", total=last - first + 1)

        def done(schedule: Schedule) -> None:
            bar.advance(task)
            for told in schedule.violations:
                bar.console.print(f"[bold red]seed {schedule.seed}[/] {told}")

        report = run_many(first, last, days=days, jobs=jobs, done=done)
    if as_json:
        sys.stdout.write(json.dumps(report.to_map()) + "\n")
    else:
        _show(report)
    sys.exit(1 if report.violations else 0)


def _seeds(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not first.isdigit() or not (last or first).isdigit() or int(last or first) < int(first):
        raise SeedsUnclear(text=text)
    return int(first), int(last or first)


def _replay(first: int, last: int, days: float) -> int:
    """Each schedule's trace on standard output; the same seed gives the same bytes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    violations = 0
    for seed in range(first, last + 1):
        schedule = simulate(seed, days=days)
        sys.stdout.write(f"seed {seed}\n" + "".join(f"{line}\n" for line in schedule.trace))
        violations += len(schedule.violations)
    return 1 if violations else 0


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True))


def _show(report: Report) -> None:
    console = Console()
    table = Table(title="Simulated country", title_justify="left", box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name in ("seeds", "schedules", "stations", "recordings", "days", "seconds"):
        table.add_row(name, str(report.to_map()[name]))
    for name, count in report.distinct.items():
        table.add_row(f"distinct: {name}", str(count))
    for kind, count in sorted(report.faults.items()):
        table.add_row(f"fault: {kind}", str(count))
    for never, count in sorted(report.checks.items()):
        table.add_row(f"never {never}, looked at", str(count))
    console.print(table)
    for violation in report.violations:
        for told in violation["what"]:
            console.print(f"[bold red]✗[/] seed {violation['seed']}: {told}")
        console.print(f"  replay: rekam simulate --seeds {violation['seed']}-{violation['seed']} --trace")
    for never, where in sorted(ELSEWHERE.items()):
        console.print(f"[dim]never {never}, the rest of it: {where}[/]")
    if not report.violations:
        console.print("[bold green]✓ none of the twenty nevers happened[/]")
