"""`rekam up`: all places on this machine, on loopback, over one data folder."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from rekam.apps.provision import make_country, require_vacant
from rekam.apps.residents_told import residents_to_try, write_residents
from rekam.apps.serving import HOST, require_free
from rekam.apps.settings import Settings
from rekam.apps.tls import ServingTls, country_tls, environment
from rekam.drill.country import PlaceProcess, start_all, stop_all
from rekam.drill.demo import PASSWORD, PIN, SUPERVISOR_PIN, demo_country
from rekam.drill.plan import CountryPlan
from rekam.enrolment.errors import RekamError
from rekam.interop.sbi.wire import PORTS
from rekam.trust.clock import SystemClock

__all__ = ["PlaceEnded", "run_up"]

console = Console()

TLS_PORTS = 100
"""Places listen for one another this many ports above their pages."""


class PlaceEnded(RekamError):
    """{name} ended by itself; the others were stopped. Everything saved is safe in {folder}.
    Read the end of {log}, then start rekam up again.
    """


DEVICES = "simulated-devices"


def run_up(data: Path, port: int, *, sbi: bool = False) -> None:
    """Makes the country on first start, goes on where it stopped on later ones; Ctrl-C stops all of it. With `sbi` the
    stations capture with simulated SBI devices, which are a process of their own.
    """
    plan = None if (data / "centre" / "place.json").exists() else demo_country(SystemClock().wall().date())
    if plan is not None:
        require_vacant(data)
    names = _held(data) if plan is None else _planned(plan)
    for index, name in enumerate(names):
        require_free(port + index)
        if _receives(name):
            require_free(port + TLS_PORTS + index)
    if sbi:
        require_free(PORTS.start)
    if plan is not None:
        with console.status("Making a country: keys, certificates, databases, residents ..."):
            make_country(data, plan)
            write_residents(data, plan.residents, plan.recorded, plan.on)
    places = _places(data, names, port, sbi=sbi)
    stop = threading.Event()
    with _interrupts(stop):
        try:
            with console.status(f"Starting {len(places)} places ..."):
                start_all(places)
            _announce(data, places)
            while not stop.wait(1.0):
                _require_all(places, data)
        finally:
            with console.status("Stopping ..."):
                stop_all(places)
    console.print("Stopped. Everything is kept; rekam up goes on from here.")


def _planned(plan: CountryPlan) -> list[str]:
    """Centre first: the others look for it, and go on without it."""
    offices = [f"office-{office.office}" for office in plan.offices]
    stations = [f"station-{station.station}" for office in plan.offices for station in office.stations]
    return ["centre", *sorted(offices), "portal", *sorted(stations)]


def _held(data: Path) -> list[str]:
    offices, stations = (sorted(one.name for one in data.glob(kind)) for kind in ("office-*", "station-*"))
    return ["centre", *offices, "portal", *stations]


def _places(data: Path, names: list[str], port: int, *, sbi: bool) -> list[PlaceProcess]:
    """Pages on loopback without TLS, for browsers; what places say to each other over TLS (docs/adr/0026)."""
    tls = data / "keys" / "tls"
    ca = country_tls(tls, [name for name in names if _receives(name)])
    logs = data / "logs"
    logs.mkdir(exist_ok=True)
    url = {
        name: f"https://{HOST}:{port + TLS_PORTS + index}" if _receives(name) else f"http://{HOST}:{port + index}"
        for index, name in enumerate(names)
    }

    def arguments(name: str) -> tuple[str, ...]:
        kind = name.partition("-")[0]
        held = (kind, "--data", str(data / name), "--keys", str(data / "keys" / f"{name}.keys"))
        if kind == "station":
            office = f"office-{name.removeprefix('station-')[:4]}"
            return (*held, "--office", url[office], "--portal", url["portal"])
        return (*held, "--centre", url["centre"]) if kind in {"office", "portal"} else held

    def process(index: int, name: str) -> PlaceProcess:
        serving = ServingTls(tls / f"{name}.pem", tls / f"{name}.key", port + TLS_PORTS + index)
        held = environment(serving if _receives(name) else None, ca)
        if name.startswith("station-"):
            held = {**held, "REKAM_DEVICES": "sbi-demo" if sbi else Settings().devices or "simulated"}
        return PlaceProcess(name, arguments(name), port + index, logs / f"{name}.log", environment=held)

    places = [process(index, name) for index, name in enumerate(names)]
    return [*places, _devices(data, names, logs)] if sbi else places


def _devices(data: Path, names: list[str], logs: Path) -> PlaceProcess:
    stations = [str(data / name) for name in names if name.startswith("station-")]
    trusted = [argument for station in stations for argument in ("--trusted-by", station)]
    held = ("devices", "simulate", "--keys", str(data / "keys" / f"{DEVICES}.keys"), *trusted)
    return PlaceProcess(DEVICES, held, PORTS.start, logs / f"{DEVICES}.log")


def _receives(name: str) -> bool:
    """Whether other places send to it."""
    return name == "centre" or name.startswith("office-")


def _announce(data: Path, places: list[PlaceProcess]) -> None:
    table = Table(title="Rekam is up", title_justify="left", box=None, padding=(0, 3, 0, 0))
    for heading in ("place", "open in a browser", "sign in"):
        table.add_column(heading)
    for place in places:
        table.add_row(place.name, f"[link={place.url}]{place.url}[/link]", _sign_in(place.name))
    console.print(table)
    file, people = residents_to_try(data)
    if people:
        console.print("Residents to look up at a station, by any of these (none is real):")
        for one in people:
            console.print(f"  {one.nik}  {one.name} {one.birth_date}", highlight=False)
        console.print(f"  and more in {file}")
    console.print(f"Data lies in {data}. Ctrl-C stops everything and keeps it.")


def _sign_in(name: str) -> str:
    kind, _, identifier = name.partition("-")
    match kind:
        case "station":
            return f"op-{identifier}, PIN {PIN}   (supervisor spv-{identifier}, PIN {SUPERVISOR_PIN})"
        case "office":
            return f"kantor, or kantor-2, {PASSWORD}"
        case "centre":
            return f"pusat, or experts ahli-1 ahli-2 ahli-3, {PASSWORD}"
        case _:
            return "nobody signs in here"


def _require_all(places: list[PlaceProcess], data: Path) -> None:
    for place in places:
        if not place.running:
            raise PlaceEnded(name=place.name, folder=data, log=place.log)


@contextmanager
def _interrupts(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM ask to stop; a second one changes nothing while places finish."""
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
