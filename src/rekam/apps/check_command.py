"""`rekam check`: asks the running station whether somebody was recorded; says no name and keeps nothing."""

import getpass
import json
import sys
from typing import Annotated, Any, Final

import httpx
from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from rekam.apps.courier_command import PlaceNotRunning, answered, sign_in
from rekam.apps.tls import Ca, trusted

__all__ = ["check"]

_STATION: Final = "http://127.0.0.1:8403"


def check(
    *,
    who: Annotated[str, Parameter(name="--as", help="who signs in")],
    at: Annotated[str, Parameter(name="--at", help="address of the running station")] = _STATION,
    ca: Ca = None,
    as_json: Annotated[bool, Parameter(name="--json", help="print JSON and nothing else", negative=())] = False,
) -> None:
    """Say whether the resident of a NIK was recorded before, from when the station knows that, and what to do.

    PIN and NIK are asked for, or are the two lines of a pipe: what stands in a command is kept in a shell's history.
    Ends with 1 where the answer warns.
    """
    pin, nik = _asked(who)
    with httpx.Client(base_url=at, verify=trusted(ca), timeout=60, cookies={"rekam-language": "en"}) as client:
        try:
            sign_in(client, who, pin)
            said = answered(client.post("/api/check", json={"nik": nik}))
        except httpx.TransportError as error:
            raise PlaceNotRunning(address=at, reason=type(error).__name__) from error
    if as_json:
        sys.stdout.write(json.dumps(said) + "\n")
    else:
        _tell(said)
    if said["warns"]:
        sys.exit(1)


def _asked(who: str) -> tuple[str, str]:
    if sys.stdin.isatty():
        return getpass.getpass(f"PIN of {who}: "), getpass.getpass("NIK (not shown): ")
    pin, nik = (sys.stdin.readline().rstrip("\n") for _ in range(2))
    return pin, nik


def _tell(said: dict[str, Any]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    style = "bold yellow" if said["warns"] else "bold"
    console.print(f"[{style}]{escape(said['words'])}[/]")
    console.print(escape(f"Source: {said['source_words']}" + (f", {said['age']}" if said["age"] else "")))
    console.print(escape(said["todo"]))
