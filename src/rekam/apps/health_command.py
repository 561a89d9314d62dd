"""`rekam health`: asks places how they are and tells it in plain words."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import httpx
from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from rekam.apps.serving import HOST

__all__ = ["health"]

_UP: Final = tuple(f"http://{HOST}:{port}" for port in range(8400, 8410))
"""Where `rekam up` puts places."""
_STYLES: Final = {"alarm": "bold red", "warning": "yellow", "note": "cyan", "well": "green"}
_EXITS: Final = {"ok": 0, "attention": 1, "alarm": 1, "failing": 2, "away": 2}


def health(
    *addresses: Annotated[str, Parameter(help="addresses of places; what rekam up started when none is given")],
    ca: Annotated[Path | None, Parameter(help="certificates to trust instead of the system's")] = None,
    language: Annotated[Literal["id", "en"], Parameter(help="of what the places say")] = "en",
    as_json: Annotated[bool, Parameter(name="--json", help="print one JSON object, nothing else", negative=())] = False,
) -> None:
    """Say how places are, the most urgent first, with what to do.

    Exit code 0: nothing to do; 1: something needs a person; 2: a place cannot serve or does not answer.
    """
    asked = addresses or _UP
    trust = str(ca) if ca else True
    chosen: dict[str, str] = {"rekam-language": language}
    with (
        httpx.Client(verify=trust, timeout=30, cookies=chosen) as client,
        ThreadPoolExecutor(max_workers=len(asked)) as pool,
    ):
        told = list(pool.map(lambda address: _ask(client, address), asked))
    if not addresses:
        told = [each for each in told if each["status"] != "away"]
    if as_json:
        sys.stdout.write(json.dumps({"places": told}, ensure_ascii=False) + "\n")
    else:
        _tell(told, Console())
    sys.exit(max((_EXITS.get(each["status"], 2) for each in told), default=2))


def _ask(client: httpx.Client, address: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = client.get(f"{address.rstrip('/')}/health").json()
    except (httpx.TransportError, ValueError) as error:
        return {"address": address, "place": "?", "status": "away", "findings": [], "reason": type(error).__name__}
    return {"address": address, **answer}


def _tell(told: list[dict[str, Any]], console: Console) -> None:
    if not told:
        console.print("No place of Rekam answers on this machine. Start one, or name its address: rekam health URL")
        return
    for place in told:
        console.print(f"[bold]{place['place']}[/] {place['address']}", highlight=False, soft_wrap=True)
        if place["status"] == "away":
            _line(console, "alarm", f"does not answer ({place['reason']})", "Start it, or correct the address.")
        if place["status"] == "failing":
            away = ", ".join(check for check, well in place["checks"].items() if not well)
            _line(console, "alarm", f"cannot serve without: {away}", "Look at its log.")
        for finding in place["findings"]:
            _line(console, finding["level"], finding["said"], finding["todo"])


def _line(console: Console, level: str, said: str, todo: str) -> None:
    urged = f" [bold]{escape(todo)}[/]" if todo else ""
    console.print(f"  [{_STYLES[level]}]{level:8}[/] {escape(said)}{urged}", highlight=False, soft_wrap=True)
