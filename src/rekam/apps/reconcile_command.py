"""`rekam reconcile`: does everything add up here, and between here and another place, to the packet?"""

import json
import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

__all__ = ["reconcile"]


def reconcile(
    *,
    data: Annotated[Path, Parameter(help="the place's data folder; the place may run or not")],
    keys: Annotated[Path | None, Parameter(help="its key file; as rekam up lays them out unless told")] = None,
    against: Annotated[
        str | None,
        Parameter(name="--with", help="a .neraca file, a place's address, or its id"),
    ] = None,
    write: Annotated[Path | None, Parameter(help="write this place's signed account to this file")] = None,
    of: Annotated[str, Parameter(help="only the packets of one station or office: the centre has very many")] = "",
    as_json: Annotated[bool, Parameter(name="--json", help="print one JSON object, nothing else", negative=())] = False,
    operator: Annotated[str | None, Parameter(help="whose PIN opens a station's store; asked if not told")] = None,
) -> None:
    """Count every packet of a place and, with --with, compare with another's account, to the packet.

    Exit code 0 only if it adds up and nothing is missing, 1 if not. A station's store opens with an operator's PIN,
    which is asked for, or read from standard input where that is no terminal.
    """
    from rekam.apps.reconciling import account_desk
    from rekam.apps.reconciling import reconcile as run
    from rekam.apps.settings import Settings
    from rekam.storage.whole_file import write_whole
    from rekam.web.i18n import Language, speaking

    def sign_in(known: list[str]) -> tuple[str, str]:
        terminal = sys.stdin.isatty()
        name = operator or (known[0] if len(known) == 1 or not terminal else _ask(known))
        return name, getpass(f"PIN of {name}: ", sys.stderr) if terminal else sys.stdin.readline().strip()

    told = Console(stderr=True)
    with account_desk(data, keys, sign_in, Settings().database_url) as desk, speaking(Language.ENGLISH):
        with Progress(console=told, transient=True) as bar:
            task = bar.add_task("looking at packets", total=None)
            report = run(
                desk,
                against,
                scope=of,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        if write is not None:
            write_whole(write, desk.accounts.signed(report.account))
            told.print(f"The account is written to {escape(str(write))}. It holds no personal data.", soft_wrap=True)
        if as_json:
            sys.stdout.write(json.dumps(report.to_map()) + "\n")
        else:
            console = Console()
            for line in report.lines():
                console.print(escape(line), highlight=False, soft_wrap=True)
            console.print("[green]Everything adds up.[/]" if report.complete else "[bold red]Something is missing.[/]")
    if not report.complete:
        sys.exit(1)


def _ask(known: list[str]) -> str:
    Console(stderr=True).print("Operators of this station: " + ", ".join(known))
    return input("Operator: ").strip()
