"""`rekam centre twin|promote|alone|pair`: the recovery twin, for the people who run the centre."""

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import httpx
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.machine_trust import machine_trust

__all__ = ["NoTwinHere", "TakeOverFailed", "alone", "pair", "promote", "twin"]

Data = Annotated[Path, Parameter(help="the machine's data folder")]
Keys = Annotated[Path, Parameter(help="the centre's key file, the same on both machines")]
Json = Annotated[bool, Parameter(name="--json", help="one JSON object on standard output", negative=())]
Because = Annotated[str, Parameter(help="why, in words; kept with the decision")]
_LOOK_S = 0.3
_START_S = 900.0


class NoTwinHere(RekamError):
    """There is no twin in the folder {folder}. Nothing was changed. Give the data folder of the twin's machine."""


class TakeOverFailed(RekamError):
    """The twin did not take over: {told} What it holds is unchanged. Mend the cause, then run the command again."""


def twin(
    *,
    data: Data,
    keys: Keys,
    of: Annotated[str, Parameter(help="address of the centre")],
    replicate_on: Annotated[str, Parameter(help="HOST:PORT for the twin of this machine, once it is the centre")],
    port: Annotated[int, Parameter(help="port on loopback")] = 8410,
    address: Annotated[str, Parameter(help="where the centre reaches this machine; loopback by default")] = "",
    with_parent: Annotated[bool, Parameter(help="end when standard input closes", negative=())] = False,
) -> None:
    """Start the recovery twin: it holds all that the centre acknowledges, and takes over when told to (promote)."""
    from rekam.apps.serving import end_with_parent
    from rekam.apps.twin_place import run_twin
    from rekam.storage.replication import Address

    if with_parent:
        end_with_parent()
    run_twin(data, keys, port, of, Address.parse(replicate_on), address or None)


def promote(
    *,
    data: Data,
    keys: Keys,
    because: Because,
    centre_is_off: Annotated[bool, Parameter(help="the centre is switched off and stays off", negative=())] = False,
    although_incomplete: Annotated[bool, Parameter(help="take over with what is here", negative=())] = False,
    as_json: Json = False,
) -> None:
    """Let the running twin take over: the centre is fenced, every packet looked at, worker and feed start here."""
    from rekam.apps.twin_place import own_address, taken_over
    from rekam.apps.twin_wiring import bond_of

    console, url = Console(stderr=as_json), own_address(data)
    if not url:
        raise NoTwinHere(folder=data)
    http = bond_of(data, keys).to(url, "Kembaran pusat")
    asked = {"centre_is_off": centre_is_off, "although_incomplete": although_incomplete, "because": because}
    body = httpx.Request("POST", url, json=asked).read()
    told = http.fields(http.send("POST", "/twin/take-over", body, {"content-type": "application/json"}))
    with _bars(console) as bars:
        task = bars.add_task("taking over", total=None)
        while told["step"] not in {"taken over", "failed"}:
            bars.update(task, description=told["step"], completed=told["done"], total=told["total"] or None)
            time.sleep(_LOOK_S)
            try:
                told = http.fields(http.send("GET", "/twin/take-over"))
            except RemoteUnreachable:  # it is turning into the centre
                told = taken_over(data) or told
        if told["step"] == "failed":
            raise TakeOverFailed(told=told["failed"])
        bars.update(task, description="starting as the centre", total=None)
        _await_centre(url)
    _print_audit(console, taken_over(data) or told, as_json=as_json, address=url)


def _await_centre(url: str) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/log/checkpoint", timeout=10, verify=machine_trust()).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(_LOOK_S)
    raise TakeOverFailed(told=f"the centre did not answer at {url}.")


def _print_audit(console: Console, told: dict[str, Any], *, as_json: bool, address: str) -> None:
    audit = told["audit"]
    if as_json:
        Console().print_json(data=audit | {"generation": told["generation"], "address": address})
    else:
        table = Table(title=f"The centre is here now: generation {told['generation']}, {address}", title_justify="left")
        table.add_column("")
        table.add_column("", justify="right")
        for words, name in _LINES:
            value = audit[name]
            table.add_row(words, str(len(value) if isinstance(value, list) else value))
        console.print(table)
        for number in audit["missing"] + audit["damaged"]:
            console.print(f"[bold red]missing[/] {number}")
    if not audit["adds_up"]:
        sys.exit(1)


_LINES = (
    ("packets acknowledged", "packets"),
    ("their files are here", "present"),
    ("of these read and hashed again", "read_again"),
    ("entries in the public log", "logged"),
    ("acceptances told in the feeds", "told"),
    ("files of working copies", "vault"),
    ("packets missing", "missing"),
    ("packets damaged", "damaged"),
    ("working copies missing", "vault_missing"),
)


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), console=console, transient=True
    )


def alone(*, data: Data, because: Because, by: Annotated[str, Parameter(help="who decides")]) -> None:
    """Let the centre go on without its twin: from now on one machine's copy is enough, until the twin is back."""
    from rekam.apps.pair_told import go_alone

    go_alone(data, by=by, because=because)
    Console().print("The centre goes on alone. Bring the twin back; it catches up by itself.")


def pair(*, data: Data, as_json: Json = False) -> None:
    """How the centre stands with its twin."""
    from rekam.apps.pair_told import pair_told

    told = pair_told(data)
    if as_json:
        Console().print_json(data=told)
        return
    for name, value in told.items():
        Console().print(f"{name.replace('_', ' '):<14}{value}")
