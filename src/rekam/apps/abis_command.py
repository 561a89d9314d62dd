"""`rekam abis`: the biometric engine measured on a folder of images."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

__all__ = ["app"]

app = App(name="abis", help="The biometric engine.")


@app.command
def evaluate(
    folder: Path,
    *,
    modality: Literal["finger", "iris"],
    as_json: Annotated[bool, Parameter(name="--json", help="print one JSON object, nothing else", negative=())] = False,
) -> None:
    """Extract every image of FOLDER (NAME_IMPRESSION.png) and compare all pairs, on one core."""
    from rekam.abis.evaluate import evaluate as measure

    with Progress(console=Console(stderr=True)) as bars:
        tasks = {step: bars.add_task(step, total=None) for step in ("extract", "compare")}

        def progress(step: str, done: int, total: int) -> None:
            bars.update(tasks[step], completed=done, total=total)

        report = measure(folder, modality, progress).to_map()
    if as_json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    table = Table(title=f"{report['set']}, {modality}", title_justify="left", box=None, show_header=False)
    for name, value in report.items():
        table.add_row(name, f"{value:.4g}" if isinstance(value, float) else str(value))
    Console().print(table)
