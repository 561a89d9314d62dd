"""What `rekam station recover` says and asks: letters, approvals, PINs, and what came of it."""

import getpass
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TaskID
from rich.table import Table

from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteBusy, RemoteUnreachable
from rekam.exchange.recovery import CodeWrong
from rekam.station.installing import Installed
from rekam.station.recovering import Bundle, Recovering
from rekam.trust.pairing import spaced

__all__ = ["NothingToRead", "PinTooShort", "agree", "asked", "bars", "new_pins", "tell"]

PIN_LENGTH: Final = 6
_LOOK_S: Final = 1.0
_TRIES: Final = 3
console = Console()

_T = TypeVar("_T")


class NothingToRead(RekamError):
    """Nothing more can be read from the keyboard or the pipe. What was done so far is kept. Run the command again and
    answer what it asks.
    """


class PinTooShort(RekamError):
    """A PIN has at least {least} digits. Nothing was changed for this person. Choose another one."""


def agree(recovering: Recovering) -> Bundle:
    """From the letters to the opened bundle; an office out of reach is waited for."""
    code = _patiently(recovering.ask)
    console.print(f"Station [bold]{recovering.station}[/] asks its office for new keys. The letters are\n")
    console.print(f"    [bold]{spaced(code)}[/]\n")
    console.print("Read them to the office (its page Pemulihan stasiun). Two officials type them there, each alone.")
    seen = -1
    while not (progress := _patiently(recovering.progress)).bundle:
        if progress.approvals != seen:
            seen = progress.approvals
            console.print(f"Approved by {seen} of 2. Waiting for the office ...")
        time.sleep(_LOOK_S)
    console.print("Approved by 2 of 2.")
    _confirm(recovering)
    with Bars(console=console) as shown:
        task = shown.add_task("from the office", total=progress.size)
        return _patiently(lambda: recovering.fetch(lambda have, all_: shown.update(task, completed=have, total=all_)))


def _confirm(recovering: Recovering) -> None:
    """The office's letters, typed here: else a false office could say "approved"."""
    for left in reversed(range(_TRIES)):
        if recovering.confirmed:
            return
        try:
            recovering.confirm(asked("The office's page now shows four letters. Type them: "))
        except CodeWrong as error:
            if not left:
                raise
            console.print(f"[red]{error}[/]")


def new_pins(bundle: Bundle) -> dict[str, str]:
    """A new PIN for everybody who will work here; the old keys of the staff went with the old station."""
    console.print("New PINs, six digits or more, for everybody who will work here. Enter alone leaves somebody out.")
    pins: dict[str, str] = {}
    for subject, name, role in bundle.staff:
        pin = asked(f"PIN of {name} ({role} {subject}): ", secret=True)
        if not pin:
            continue
        if len(pin) < PIN_LENGTH:
            raise PinTooShort(least=PIN_LENGTH)
        while sys.stdin.isatty() and asked("The same again: ", secret=True) != pin:
            console.print("[red]The two differ.[/]")
            pin = asked(f"PIN of {name}: ", secret=True)
        pins[subject] = pin
    return pins


def asked(question: str, *, secret: bool = False) -> str:
    """One line from the keyboard, or from a pipe. Raises `NothingToRead`."""
    if sys.stdin.isatty():
        return getpass.getpass(question) if secret else input(question)
    console.print(question)
    line = sys.stdin.readline()
    if not line:
        raise NothingToRead
    return line.strip()


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for each thing that is told."""
    tasks: dict[str, TaskID] = {}
    with Bars(console=console) as shown:

        def told(what: str, done: int, every: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=every)
            shown.update(tasks[what], completed=done, total=every)

        yield told


def tell(bundle: Bundle, installed: Installed, data: Path, keys: Path, office: str) -> None:
    """What came of it, to the packet, and how to go on."""
    identity = bundle.identity
    table = Table(title=f"Station {identity.station}, installation {identity.epoch}", title_justify="left", box=None)
    table.add_column("")
    table.add_column("", justify="right")
    held = sum(len(one["recordings"]) for one in bundle.earlier)
    table.add_row("earlier recordings that the office holds", str(held))
    table.add_row("recordings taken over with names and templates", str(installed.recordings))
    for folder, taken in installed.taken:
        table.add_row(f"sealed packets taken over from {folder}", str(taken.packets))
        table.add_row("  of them known already", str(taken.known))
        table.add_row("  sealed but never saved, left there", str(taken.unsaved))
        table.add_row("  damaged or another station's, left there", str(len(taken.refused)))
    console.print(table)
    for _, taken in installed.taken:
        for name, why in taken.refused:
            console.print(f"[yellow]{name[:16]}[/] {why}")
    console.print("The office's page of this recovery says which numbers are still missing and what to do.")
    console.print(f"Start: rekam station --data {data} --keys {keys} --office {office}", soft_wrap=True)


def _patiently(call: Callable[[], _T]) -> _T:
    told = False
    while True:
        try:
            return call()
        except (RemoteUnreachable, RemoteBusy) as error:
            if not told:
                console.print(f"[yellow]{error}[/] Trying again ...")
                told = True
            time.sleep(_LOOK_S)
