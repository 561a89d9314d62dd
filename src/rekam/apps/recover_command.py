"""`rekam station recover`: a dead, stolen or restored station gets new keys on site, and what was unsent goes on."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from rekam.apps import recover_dialog as dialog
from rekam.apps.place_file import NoSuchPlace, read_place, write_place
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.station.installing import OldStation, Site, install, move_aside
from rekam.station.recovering import Bundle, Recovering
from rekam.station.recovery_http import HttpRecoveryOffice
from rekam.station.store import StationStore
from rekam.station.unlock import Operators
from rekam.storage.disk import RealDisk
from rekam.storage.folder import DataFolder
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.random import SystemRandom

__all__ = ["WhichStation", "recover"]


class WhichStation(RekamError):
    """The folder {folder} does not say which station this is. Nothing was changed. Give its number with --station, as
    it stands on its label, such as 317401-01.
    """


def recover(
    *,
    data: Annotated[Path, Parameter(help="the station's data folder: new, or the one that is to be set up anew")],
    keys: Annotated[Path, Parameter(help="the station's key file, outside the data folder; made here")],
    office: Annotated[str, Parameter(help="address of the office")],
    station: Annotated[str, Parameter(help="the station's number, 317401-01, where the folder is new")] = "",
    old_folder: Annotated[tuple[Path, ...], Parameter(help="what is readable of the old station's disk")] = (),
    usb: Annotated[tuple[Path, ...], Parameter(help="a stick or copy with sealed packets of the old station")] = (),
    old_keys: Annotated[Path | None, Parameter(help="the old station's key file, if its store is to be opened")] = None,
    old_operator: Annotated[str, Parameter(help="who opens the old store; their old PIN is asked for")] = "",
    anew: Annotated[bool, Parameter(help="forget an unfinished recovery and begin again", negative=())] = False,
) -> None:
    """Set this station up anew, with two officials at the office; run again after any interruption, it goes on."""
    state = keys.with_name(f"{keys.name}.recovery")
    if anew:
        state.unlink(missing_ok=True)
        state.with_suffix(".bundle").unlink(missing_ok=True)
    which = StationId(station or _named(data))
    client = HttpRecoveryOffice(office, SystemClock())
    with ExitStack() as stack:
        stack.callback(client.close)
        stack.enter_context(DataFolder(data, "station"))
        recovering = Recovering.begin(state, client, which, SystemRandom())
        bundle = dialog.agree(recovering)
        aside = move_aside(recovering, data, RealDisk())
        folders = [(folder, "disk") for folder in ([aside] if aside else []) + list(old_folder)]
        from_there = aside or next(iter(old_folder), None)
        old = stack.enter_context(_old_store(from_there, old_keys or keys, old_operator))
        pins = dialog.new_pins(bundle)
        site = Site(data, RealDisk(), SystemClock(), SystemRandom())
        every = (*folders, *((folder, "usb") for folder in usb))
        with dialog.bars() as told:
            installed = install(site, recovering, bundle, client, pins, OldStation(every, old), told)
        _put_in_place(data, keys, recovering, bundle)
        client.found(bundle.identity, installed.found)
        recovering.finish()
    dialog.tell(bundle, installed, data, keys, office)


def _named(data: Path) -> str:
    try:
        return str(read_place(data, "station")["id"])
    except NoSuchPlace:
        raise WhichStation(folder=data) from None


def _put_in_place(data: Path, keys: Path, recovering: Recovering, bundle: Bundle) -> None:
    """The folder says which station it is, and the new key file takes the place of the old one, which is kept."""
    try:
        before = read_place(data, "station")
    except NoSuchPlace:
        before = {}
    identity = bundle.identity
    captures: dict[str, Any] = {name: before[name] for name in ("devices", "samples") if name in before}
    write_place(data, {"place": "station", "id": identity.station, "name": identity.name, **captures})
    fresh = {"pepper": recovering.pepper}
    if keys.exists() and keyfile.load(keys) != fresh:
        keys.rename(keys.with_name(f"{keys.name}.before-{identity.epoch - 1}"))
    keyfile.save(keys, fresh, replace=True)


@contextmanager
def _old_store(folder: Path | None, keys: Path, operator: str) -> Iterator[StationStore | None]:
    """The old installation's store, where somebody who worked there opens it with their old PIN."""
    if folder is None or not operator or not (folder / "station.db").exists():
        yield None
        return
    operators = Operators(folder / "operators.cbor", SystemClock(), pepper=keyfile.load(keys)["pepper"])
    unlocked = operators.sign_in(operator, dialog.asked(f"Old PIN of {operator}: ", secret=True))
    store = StationStore.open(folder / "station.db", unlocked.store_key)
    try:
        yield store
    finally:
        store.close()
