"""`rekam link`: how much a station or office sends, and when; the running place follows from its next request on."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timezone
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.console import Console

from rekam.apps.place_file import NoSuchPlace, read_place
from rekam.enrolment.zones import zone_of_region
from rekam.exchange.link_file import LinkFile
from rekam.exchange.link_policy import LinkPolicy, PolicyUnreadable, Window, limit_of, minute_of

__all__ = ["app", "link_of"]

app = App(name="link", help="How much a place sends to the next one, and when.")

Data = Annotated[Path, Parameter(help="the data folder of a station or an office")]


def link_of(folder: Path, facts: dict[str, Any], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> LinkFile:
    """The policy of the place in `folder`, its default from `place.json`; `now` is the place's legal time."""
    zone: timezone = zone_of_region(facts["id"])
    return LinkFile(folder, lambda: now().astimezone(zone), facts.get("link"))


@app.default
def show(*, data: Data, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> None:
    """Say what is set, and what applies now."""
    link = link_of(data, _facts(data))
    policy, applied = link.policy(), link.applied()
    if as_json:
        until = None if applied.until is None else f"{applied.until:%H.%M}"
        print(json.dumps(policy.to_map() | {"now": {"kbit": applied.limit_kbit, "until": until}}))
        return
    until = "until it is changed" if applied.until is None else f"until {applied.until:%H.%M}"
    console = Console()
    console.print(f"Now: {_words(applied.limit_kbit)}, {until}.")
    console.print(f"Outside the hours below: {_words(policy.limit_kbit)}.")
    for each in policy.to_map()["windows"]:
        console.print(f"{each['from']} to {each['to']}: {_words(each['kbit'])}")


@app.command(name="set")
def set_link(
    *,
    data: Data,
    limit: Annotated[str, Parameter(help="kilobits a second; empty: no limit, 0: nothing is sent")] = "",
    window: Annotated[list[str] | None, Parameter(help="hours with a limit of their own: 07.00-18.00=64")] = None,
) -> None:
    """Set the limit and all windows anew. Whatever is not given is taken away."""
    link = link_of(data, _facts(data))
    link.keep(LinkPolicy(limit_of(limit), tuple(_window(each) for each in window or ())))
    show(data=data)


def _facts(folder: Path) -> dict[str, Any]:
    try:
        return read_place(folder, "station")
    except NoSuchPlace:
        return read_place(folder, "office")


def _window(text: str) -> Window:
    hours, equals, limit = text.partition("=")
    start, dash, end = hours.partition("-")
    if not (equals and dash):
        raise PolicyUnreadable(given=text, wanted="window (07.00-18.00=64)")
    return Window(minute_of(start), minute_of(end), limit_of(limit))


def _words(limit: int | None) -> str:
    return "no limit" if limit is None else "nothing is sent" if limit == 0 else f"at most {limit} kbit/s"
