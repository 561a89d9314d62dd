"""`rekam office residents`: what the family card counter corrected, from a file to the stations."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from rekam.apps.office_place import open_office
from rekam.apps.pair_told import running
from rekam.office.office import Office
from rekam.office.proposal import Proposal, WantedOf
from rekam.office.resident_list import propose, read_rows

__all__ = ["app"]

app = App(name="residents", help="Biodata that the family card counter corrected.")

Data = Annotated[Path, Parameter(help="the office's data folder")]
Keys = Annotated[Path, Parameter(help="the office's key file")]
Json = Annotated[bool, Parameter(name="--json", help="one JSON object on standard output", negative=())]
_TOLD: Final = 20


@app.command
def bring(
    file: Annotated[Path, Parameter(help="CSV with the columns' names in its first row, or JSON")],
    *,
    data: Data,
    keys: Keys,
    by: Annotated[str, Parameter(help="who answers for it; needed with --take")] = "",
    take: Annotated[bool, Parameter(help="change it; without, only say what would change", negative=())] = False,
    as_json: Json = False,
) -> None:
    """Say what a file would change; with --take, bring it in: each station hears of it by line or stick. The office
    runs meanwhile. Rows that cannot be used are told and passed over, and the exit code is then 1.
    """
    console = Console(stderr=as_json, soft_wrap=True, highlight=False)
    if take and not by.strip():
        console.print("Say with --by who answers for it. Nothing was changed.")
        sys.exit(2)
    with _running_office(data, keys) as office:
        rows = read_rows(file.read_bytes())
        proposal = propose(rows, office.corrections, office.master.reference(), office.dates.today())
        told = _counts(proposal)
        if take and proposal.changes:
            wanted = WantedOf(proposal.changes)
            with Progress(console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task("residents", total=len(wanted))
                done = office.corrections.bring(
                    wanted, by.strip(), "command", lambda n, _all: bar.update(task, completed=n)
                )
            told |= {"taken": done.taken, "outrun": len(done.outrun)}
    _tell(console, told, proposal, as_json=as_json)
    if proposal.refused or told["outrun"]:
        sys.exit(1)


@app.command
def status(*, data: Data, keys: Keys, as_json: Json = False) -> None:
    """Say how far each station is, and how many referrals wait."""
    with _running_office(data, keys) as office:
        stations = office.correction_answers.standing()
        waiting = office.correction_answers.unanswered()
    if as_json:
        rows = [{"station": one.station, "last": one.last, "heard": one.heard, "ahead": one.ahead} for one in stations]
        print(json.dumps({"stations": rows, "referrals": waiting}))
        return
    console = Console(soft_wrap=True, highlight=False)
    for one in stations:
        asked = f"last asked {one.at:%Y-%m-%d %H:%M} UTC" if one.at else "never asked"
        lost = "; holds corrections that this office lost, bring them in again" if one.ahead else ""
        console.print(f"{one.station}: {one.heard} of {one.last} corrections, {asked}{lost}")
    console.print(f"{waiting} referrals wait for the family card counter.")


@contextmanager
def _running_office(data: Path, keys: Path) -> Iterator[Office]:
    with running(data) as (pool, _):
        yield open_office(data, keys, pool)


def _counts(proposal: Proposal) -> dict[str, int]:
    changed = len(proposal.changes) - proposal.new
    counts = {"changed": changed, "new": proposal.new, "same": proposal.same, "refused": len(proposal.refused)}
    return counts | {"taken": 0, "outrun": 0}


def _tell(console: Console, told: dict[str, int], proposal: Proposal, *, as_json: bool) -> None:
    """Rows by number and reason: a terminal's scroll and a log name nobody."""
    if as_json:
        refused = [{"row": one.row, "code": one.problem.code} for one in proposal.refused]
        print(json.dumps({**told, "refused_rows": refused}))
        return
    console.print(
        f"{told['changed']} change, {told['new']} are new, {told['same']} are the same,"
        f" {told['refused']} cannot be used."
    )
    for one in proposal.refused[:_TOLD]:
        console.print(f"  row {one.row}: [bold]{one.problem.code}[/] {escape(str(one.problem))}")
    if len(proposal.refused) > _TOLD:
        console.print(f"  and {len(proposal.refused) - _TOLD} more")
    if told["taken"] or told["outrun"]:
        console.print(f"{told['taken']} were brought in; {told['outrun']} had been changed by somebody else meanwhile.")
    elif proposal.changes:
        console.print("Nothing was changed. Run it again with --take --by NAME.")
