"""`rekam centre backup|restore|resume`: the centre's backup, for the people who run it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from rekam.apps.backing_up import Report

__all__ = ["backup", "restore", "resume"]

Data = Annotated[Path, Parameter(help="the centre's data folder")]
Keys = Annotated[Path, Parameter(help="the centre's key file")]
Json = Annotated[bool, Parameter(name="--json", help="one JSON object on standard output", negative=())]


def backup(
    *, data: Data, keys: Keys, to: Annotated[Path, Parameter(help="another disk")], as_json: Json = False
) -> None:
    """Back the running centre up; only what is new since the last time is copied, and all of it is read back."""
    from rekam.apps.backing_up import back_up

    with _told(as_json=as_json) as report:
        done = back_up(data, keys, to, report)
    _say(
        done,
        f"Backed up to {to}: {done['packets']} packets, a log of {done['log_size']} entries, "
        f"{done['copied']} of {done['blobs']} files new. Keep the key file elsewhere.",
        as_json=as_json,
    )


def restore(
    *,
    data: Annotated[Path, Parameter(help="an empty folder")],
    keys: Keys,
    source: Annotated[Path, Parameter(name="--from", help="the backup's folder")],
    because: Annotated[str, Parameter(help="why, in words")],
    as_json: Json = False,
) -> None:
    """Make a centre of a backup. Started, it first takes back from its offices what it signed after the backup."""
    from rekam.apps.backing_up import restore as run

    with _told(as_json=as_json) as report:
        found = run(source, data, keys, because, report)
    _say(
        found.to_json(),
        f"Restored {found.present} of {found.packets} packets. Start the centre, wait for its offices, then run: "
        f"rekam centre resume --data {data} --keys {keys}",
        as_json=as_json,
    )


def resume(
    *,
    data: Data,
    keys: Keys,
    without_offices: Annotated[bool, Parameter(help="offices that have not answered are lost", negative=())] = False,
    as_json: Json = False,
) -> None:
    """Let a restored, running centre serve again, with all that its offices handed back."""
    from rekam.apps.backing_up import resume as run

    with _told(as_json=as_json) as report:
        report("taking back", 0, 0)
        done, found = run(data, keys, without_offices=without_offices)
    words = f"Taken back: {done.packets} packets, {done.entries} entries of feeds. "
    words += "Everything adds up." if found.adds_up else "Something is missing, see --json."
    _say({"recollected": asdict(done), "audit": found.to_json()}, words, as_json=as_json)
    for kind, count in done.to_look_at.items():
        Console(stderr=True).print(f"{count} entries of the kind '{kind}' were told after the backup: see the runbook.")
    if not found.adds_up:
        sys.exit(1)


def _say(facts: dict[str, Any], words: str, *, as_json: bool) -> None:
    if as_json:
        Console().print_json(data=facts)
    else:
        Console().print(words, highlight=False)


@contextmanager
def _told(*, as_json: bool) -> Iterator[Report]:
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed}"))
    with Progress(*columns, console=console, transient=True, disable=as_json) as bars:
        task = bars.add_task("", total=None)

        def report(step: str, done: int, of: int) -> None:
            bars.update(task, description=step, completed=done, total=of or None)

        yield report
