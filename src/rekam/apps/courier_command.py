"""`rekam courier out|in|receipts`: asks the running place to do an errand with a stick, and tells how it goes."""

import getpass
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from rekam.apps.courier_told import tell
from rekam.apps.tls import Ca, trusted
from rekam.enrolment.errors import RekamError

__all__ = ["CourierRefused", "PlaceNotRunning", "answered", "app", "sign_in"]

app = App(name="courier", help="Carry packets, receipts and the feed on a stick; the place must be running.")

At = Annotated[str, Parameter(name="--at", help="address of the running place")]
As = Annotated[str, Parameter(name="--as", help="who signs in; PIN or password is asked for, or read from a pipe")]
Json = Annotated[bool, Parameter(name="--json", help="print the report as JSON and nothing else", negative=())]

_LOOK_S: Final = 0.3
_TITLES: Final = {"check": "Checking", "copy": "Copying", "verify": "Reading back", "read": "Reading"}
_STATION: Final = "http://127.0.0.1:8403"
_OFFICE: Final = "http://127.0.0.1:8401"


class PlaceNotRunning(RekamError):
    """No place of Rekam answers at {address} ({reason}). Nothing was changed. Start the place, or give its address
    with --at.
    """


class CourierRefused(RekamError):
    """{said} ({code})"""


@app.command
def out(
    stick: Path,
    *,
    who: As,
    at: At = _STATION,
    to: Annotated[str, Parameter(help="the office's four digits, centre, or any; the usual receiver otherwise")] = "",
    max_bytes: Annotated[int | None, Parameter(help="write so much at most, the oldest first")] = None,
    ca: Ca = None,
    as_json: Json = False,
) -> None:
    """Write what waits at a station or an office into the folder STICK. Run again, it goes on where it stopped."""
    _errand(at, who, "out", {"path": str(stick.absolute()), "to": to, "max_bytes": max_bytes}, ca=ca, as_json=as_json)


@app.command(name="in")
def take_in(stick: Path, *, who: As, at: At = _OFFICE, ca: Ca = None, as_json: Json = False) -> None:
    """Take in what a courier brought, a file or a whole stick, at an office or the centre; writes the answer back."""
    _errand(at, who, "in", {"path": str(stick.absolute())}, ca=ca, as_json=as_json)


@app.command
def receipts(stick: Path, *, who: As, at: At = _STATION, ca: Ca = None, as_json: Json = False) -> None:
    """Take in the answers that came home on a stick, at the station or office that wrote it."""
    _errand(at, who, "receipts", {"path": str(stick.absolute())}, ca=ca, as_json=as_json)


def _errand(at: str, who: str, what: str, given: dict[str, Any], *, ca: Path | None, as_json: bool) -> None:
    secret = (
        sys.stdin.readline().rstrip("\n") if not sys.stdin.isatty() else getpass.getpass(f"PIN or password of {who}: ")
    )
    cookies = {"rekam-language": "en"}
    with httpx.Client(base_url=at, verify=trusted(ca), timeout=60, cookies=cookies) as client:
        try:
            sign_in(client, who, secret)
            answered(client.post(f"/api/courier/{what}", json=given))
            errand = _followed(client)
        except httpx.TransportError as error:
            raise PlaceNotRunning(address=at, reason=type(error).__name__) from error
    if as_json:
        sys.stdout.write(json.dumps(errand) + "\n")
    else:
        tell(errand["what"], errand["report"])
    if errand["problem"]:
        raise CourierRefused(**errand["problem"])
    if not errand["sound"]:
        sys.exit(1)


def sign_in(client: httpx.Client, who: str, secret: str) -> None:
    """A station has operators with PINs; office and centre have staff with passwords."""
    answer = client.post("/api/sign-in", json={"operator": who, "pin": secret})
    if answer.status_code in {404, 405}:
        answer = client.post("/sign-in", data={"name": who, "password": secret})
        if answer.status_code not in {200, 303}:
            raise CourierRefused(said=f"{who} could not sign in. Nothing was changed.", code=answer.status_code)
        return
    answered(answer)


def answered(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of a place's answer. Raises `CourierRefused` with the place's own sentence."""
    try:
        said: Any = answer.json()
    except ValueError:
        said = None
    if answer.is_success and isinstance(said, dict):
        return said
    told = said if isinstance(said, dict) else {}
    raise CourierRefused(
        said=told.get("detail", "The place refused this. Nothing was changed."),
        code=told.get("code", told.get("title", answer.status_code)),
    )


def _followed(client: httpx.Client) -> dict[str, Any]:
    """The errand once it ended; how far it is goes to standard error."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,  # the report follows; an empty bar would stand above it for ever
    )  # fmt: skip
    with bar:
        task = bar.add_task("Checking", total=None)
        while True:
            errand: dict[str, Any] = answered(client.get("/api/courier"))["errand"]
            bar.update(
                task, description=_TITLES[errand["doing"]], completed=errand["done"], total=errand["total"] or None
            )
            if not errand["running"]:
                return errand
            time.sleep(_LOOK_S)
