"""`rekam office rebuild|keep`: for the people who bring an office's server back."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

__all__ = ["keep", "rebuild"]

Keys = Annotated[Path, Parameter(help="the office's key file")]
Json = Annotated[bool, Parameter(name="--json", help="one JSON object on standard output", negative=())]


def rebuild(
    *,
    data: Annotated[Path, Parameter(help="a folder with the office's place.json alone, or --put-back")],
    keys: Keys,
    centre: Annotated[str, Parameter(help="address of the centre; its twin's after a comma")],
    office: Annotated[str, Parameter(help="which office, such as 3174")],
    kept: Annotated[Path | None, Parameter(help="the newest file of rekam office keep")] = None,
    put_back: Annotated[
        bool, Parameter(help="the folder is an older backup of this office, with all that it had", negative=())
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a lost office server back from the centre; its stations send what only they have by themselves."""
    from rekam.apps.rebuilding import rebuild as run

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed}"))
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=as_json) as bars:
        task = bars.add_task("", total=None)
        done = run(
            data, keys, office, centre, kept, lambda step, n: bars.update(task, description=step, completed=n),
            put_back=put_back,
        )  # fmt: skip
    console = Console()
    if as_json:
        console.print_json(data=asdict(done) | {"whole": done.whole})
    else:
        console.print(f"Back: {done.entries} entries of the feed, {done.packets} packets, {done.receipts} receipts.")
        for table, count in done.kept.items():
            console.print(f"From the keepsake: {count} rows of {table}.")
        if kept is None and not put_back:
            console.print(
                "No keepsake: count the blank cards and enter them with a note; staff are those of place.json."
            )
        for number in done.missing:
            console.print(f"[bold red]missing[/] {number}")
        for number, reason in done.refused.items():
            console.print(f"[bold red]refused[/] {number} ({reason})")
        for run_of in done.gaps:
            console.print(f"still at its station: {run_of}")
    if not done.whole:
        sys.exit(1)


def keep(*, data: Annotated[Path, Parameter(help="the office's data folder")], keys: Keys, to: Path) -> None:
    """Write what this office alone knows (blanks, cards, staff, approvals) to one sealed file; do it every day."""
    from rekam.apps.rebuilding import keep as run

    counts = run(data, keys, to)
    Console().print(f"Kept {sum(counts.values())} rows in {to}. Bring it to another place.")
