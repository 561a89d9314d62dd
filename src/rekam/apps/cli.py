"""The command line: `rekam up`, one command a place, the drill, the biometric engine's measurements."""

import gc
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import structlog
from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from rekam.apps.settings import Settings
from rekam.apps.tls import TlsOptions
from rekam.enrolment.errors import RekamError

__all__ = ["app", "main"]

_YOUNG = 10_000
"""Objects made before Python looks for garbage among them. After each 700, its own measure, it looks again and again at
all that a place has imported: an eighth of its start.
"""

app = App(name="rekam", help="Identity-card enrolment that goes on while any part of it is down.")

_COMMANDS: Final = {
    "abis": "abis_command:app",
    "check": "check_command:check",
    "courier": "courier_command:app",
    "devices": "devices_command:app",
    "drill": "drill_command:drill",
    "health": "health_command:health",
    "link": "link_command:app",
    "log": "log_command:app",
    "reconcile": "reconcile_command:reconcile",
    "simulate": "simulate_command:run",
}
_CENTRE_COMMANDS: Final = {
    "alone": "twin_command:alone",
    "backup": "backup_command:backup",
    "in-force": "publish_command:in_force",
    "pair": "twin_command:pair",
    "promote": "twin_command:promote",
    "publish-codes": "publish_command:publish_codes",
    "publish-delta": "publish_command:publish_delta",
    "publish-filter": "publish_command:publish_filter",
    "publish-policy": "publish_command:publish_policy",
    "publish-regions": "publish_command:publish_regions",
    "restore": "backup_command:restore",
    "resume": "backup_command:resume",
    "twin": "twin_command:twin",
}
_OFFICE_COMMANDS: Final = {
    "keep": "rebuild_command:keep",
    "rebuild": "rebuild_command:rebuild",
    "residents": "residents_command:app",
}
_STATION_COMMANDS: Final = {
    "recover": "recover_command:recover",
}


def _add(commands: Mapping[str, str], to: App) -> None:
    """A command's module is imported when the command is asked for: a place that starts loads only what it needs."""
    for name, where in commands.items():
        to.command(f"rekam.apps.{where}", name=name)


_add(_COMMANDS, app)

Data = Annotated[Path, Parameter(help="the place's data folder")]
Keys = Annotated[Path, Parameter(help="the place's key file, outside the data folder")]
Port = Annotated[int, Parameter(help="port on loopback")]
Tls = Annotated[TlsOptions, Parameter(name="*")]
TLS_OF_ENVIRONMENT = TlsOptions()
WithParent = Annotated[bool, Parameter(help="end when standard input closes", negative=())]


@app.command
def up(
    *,
    data: Annotated[Path, Parameter(help="made on first start")] = Path("data"),
    port: Port = 8400,
    devices: Annotated[
        Literal["simulated", "sbi"], Parameter(help="sbi: a simulated SBI device of its own")
    ] = "simulated",
) -> None:
    """Bring the whole country up on this machine: centre, office, portal, two stations, demo residents."""
    from rekam.apps.up import run_up

    run_up(data.absolute(), port, sbi=devices == "sbi")


centre = App(name="centre", help="The national centre.")
_add(_CENTRE_COMMANDS, centre)
app.command(centre)


@centre.default
def serve_centre(
    *,
    data: Data,
    keys: Keys,
    port: Port = 8400,
    replicate_on: Annotated[str, Parameter(help="HOST:PORT where a twin may copy the database")] = "",
    with_parent: WithParent = False,
    tls: Tls = TLS_OF_ENVIRONMENT,
) -> None:
    """Start the centre and its worker."""
    from rekam.apps.centre_place import run_centre
    from rekam.storage.replication import Address

    _follow_parent(with_parent)
    tls.use()
    run_centre(data, keys, port, Settings().database_url, Address.parse(replicate_on) if replicate_on else None)


@centre.command(name="work", show=False)
def work(*, data: Data, keys: Keys) -> None:
    """Run stages; the centre starts this by itself, with its database in DATABASE_URL."""
    from rekam.apps.centre_worker import run_worker

    settings = Settings()
    run_worker(data, keys, settings.database_url or "", settings.finger_extractor)


@centre.command
def notice(
    text: Annotated[str, Parameter(help="in Indonesian")],
    *,
    data: Data = Path("data/centre"),
    keys: Keys = Path("data/keys/centre.keys"),
    english: Annotated[str, Parameter(help="the same in English")] = "",
    todo: Annotated[str, Parameter(help="what to do, in Indonesian")] = "",
    todo_english: Annotated[str, Parameter(help="what to do, in English")] = "",
) -> None:
    """Publish a notice; the feed carries it to every station, office and portal page."""
    from rekam.apps.centre_opening import publish_notice

    number = publish_notice(data, keys, text, english, todo, todo_english, Settings().database_url)
    Console().print(f"Notice {number} is published.")


@centre.command
def re_extract(*, data: Data = Path("data/centre"), keys: Keys = Path("data/keys/centre.keys")) -> None:
    """Make the gallery's templates anew after the engine changed; the centre may run, its searches wait meanwhile."""
    from rekam.apps.centre_opening import re_extract as run
    from rekam.apps.re_extraction_told import tell

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("records", total=None)
        settings = Settings()
        outcome = run(
            data,
            keys,
            settings.database_url,
            settings.finger_extractor,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    tell(outcome, Console())


office = App(name="office", help="One office.")
app.command(office)
_add(_OFFICE_COMMANDS, office)


@office.default
def serve_office(
    *,
    data: Data,
    keys: Keys,
    centre: Annotated[str, Parameter(help="address of the centre; its twin's after a comma")],
    port: Port = 8401,
    with_parent: WithParent = False,
    tls: Tls = TLS_OF_ENVIRONMENT,
) -> None:
    """Start one office."""
    from rekam.apps.office_place import run_office

    _follow_parent(with_parent)
    tls.use()
    run_office(data, keys, port, centre, Settings().database_url)


station = App(name="station", help="One station.")
app.command(station)
_add(_STATION_COMMANDS, station)


@station.default
def serve_station(
    *,
    data: Data,
    keys: Keys,
    office: Annotated[str, Parameter(help="address of the office")],
    portal: Annotated[str, Parameter(help="public address of the portal; proofs of recording name it")] = "",
    printer: Annotated[str, Parameter(help="ipp:// or ipps:// address; without one papers open as PDF")] = "",
    port: Port = 8403,
    with_parent: WithParent = False,
    tls: Tls = TLS_OF_ENVIRONMENT,
) -> None:
    """Start one station."""
    from rekam.apps.station_place import run_station

    _follow_parent(with_parent)
    tls.use()
    run_station(data, keys, port, office, portal, printer)


@app.command
def portal(
    *,
    data: Data,
    keys: Keys,
    centre: Annotated[str, Parameter(help="address of the centre; its twin's after a comma")],
    port: Port = 8402,
    with_parent: WithParent = False,
    tls: Tls = TLS_OF_ENVIRONMENT,
) -> None:
    """Start the public portal."""
    from rekam.apps.portal_place import run_portal

    _follow_parent(with_parent)
    tls.use()
    run_portal(data, keys, port, centre, Settings().database_url)


def _follow_parent(wanted: bool) -> None:  # noqa: FBT001  # the flag of the command line
    from rekam.apps.serving import end_with_parent

    if wanted:
        end_with_parent()


def _log_to_stderr(style: Literal["json", "console"]) -> None:
    """Structured lines on standard error; no personal data is ever put into one."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    renderer = structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _load_what_help_tells_of(arguments: Sequence[str]) -> None:
    """A command that was not imported yet has no sentence in the list of commands."""
    asked = [argument for argument in arguments if argument not in app.help_flags]
    if asked == list(arguments) and asked:
        return
    _, path, _ = app.parse_commands(asked)
    shown = path[-1]
    for name in shown:
        shown[name]


def main() -> None:
    """What `rekam` runs. An error of the family is told as its sentence, with exit code 2."""
    gc.set_threshold(_YOUNG)
    _log_to_stderr(Settings().log_style)
    arguments = sys.argv[1:]
    _load_what_help_tells_of(arguments)
    try:
        app(arguments)
    except RekamError as error:
        # one line however narrow the terminal or a log is: whoever started this process may quote its last line
        Console(stderr=True).print(f"[bold red]{error.code}[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
