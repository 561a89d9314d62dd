"""`rekam drill`: the product's own proof."""

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from rekam.apps.provision import make_country
from rekam.drill.drill import run_drill
from rekam.drill.options import Options
from rekam.drill.outcome import Outcome
from rekam.drill.plan import CountryPlan
from rekam.drill.progress import Progress
from rekam.trust.pin import Cost

__all__ = ["drill"]

_DRILL_COST = Cost(memory_kib=8 * 1024, passes=1)  # PINs of people who do not exist are no secret worth 64 MiB


def drill(
    *,
    people: Annotated[int, Parameter(help="residents to record")] = 12,
    stations: Annotated[int, Parameter(help="counters that record them")] = 2,
    outage: Annotated[float, Parameter(help="seconds for which the centre is killed and kept down")] = 15.0,
    second_recordings: Annotated[int, Parameter(help="people who come again under another NIK")] = 3,
    samples: Annotated[Path | None, Parameter(help="folder of real images; synthetic people otherwise")] = None,
    faults: Annotated[bool, Parameter(help="kill processes at random, cut uploads, drop answers", negative=())] = False,
    seed: Annotated[int, Parameter(help="the same seed gives the same people and the same misfortunes")] = 1,
    as_json: Annotated[bool, Parameter(name="--json", help="print one JSON object, nothing else", negative=())] = False,
    keep: Annotated[Path | None, Parameter(help="keep the country's folder here, to look into")] = None,
) -> None:
    """Record people before, during and after an outage, heal, drain, and reconcile against a witness."""
    options = Options(people, stations, second_recordings, outage, samples, faults, seed, keep)

    def make(folder: Path, plan: CountryPlan) -> None:
        make_country(folder, plan, cost=_DRILL_COST)

    outcome = run_drill(options, make, progress=Progress())
    if as_json:
        sys.stdout.write(json.dumps(outcome.to_map()) + "\n")
    else:
        _show(outcome)
    sys.exit(outcome.exit_code)


def _show(outcome: Outcome) -> None:
    console = Console()
    table = Table(title="Drill", title_justify="left", box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in outcome.to_map().items():
        if name == "problems":
            continue
        table.add_row(name.replace("_", " "), f"{value}", style=_style(name, value))
    console.print(table)
    for problem in outcome.problems:
        console.print(f"[bold red]✗[/] {problem}")
    good = outcome.exit_code == 0
    words = "nothing lost, nothing counted twice, no service stopped" if good else "the drill found something"
    console.print(f"[bold {'green' if good else 'red'}]{'✓' if good else '✗'} {words}[/]")


def _style(name: str, value: float) -> str:
    bad_when_positive = {"lost", "double_counted", "false_duplicates", "missed_duplicates"}
    bad = (name in bad_when_positive and value > 0) or (name.endswith("_in_outage") and value == 0)
    return "bold red" if bad else ""
