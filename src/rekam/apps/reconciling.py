"""Accounts of the place in a data folder, beside the running place or without it: `account_desk`, `reconcile`."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rekam.apps.centre_opening import open_centre, running_pool
from rekam.apps.database import database
from rekam.apps.office_place import open_office
from rekam.apps.place_file import NoSuchPlace, read_any_place
from rekam.centre.centre import Centre
from rekam.enrolment.errors import RekamError
from rekam.exchange.account_desk import AccountDesk, Received
from rekam.exchange.account_http import AccountRemote, HttpAccounts
from rekam.exchange.signed_http import SignedHttp
from rekam.office.office import Office
from rekam.station.accounts import station_accounts
from rekam.station.store import StationStore
from rekam.station.unlock import Operators
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.folder import DataFolder
from rekam.storage.pool import Pool
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey
from rekam.web.reconciling.asking import against_above, against_account, against_received
from rekam.web.reconciling.report import Report, report_on

__all__ = ["Desk", "NoAccountOf", "SignIn", "account_desk", "reconcile"]

SignIn = Callable[[list[str]], tuple[str, str]]
"""Asks one of the operators listed for the own PIN: (operator, PIN)."""

Progress = Callable[[int, int], None]


class NoAccountOf(RekamError):
    """Nobody has brought an account of {place} yet, and {place} is no file and no address. Nothing was compared.
    Of a place above give its address (https://...); of a place below the file it wrote, or wait until it has brought
    one.
    """


@dataclass(frozen=True)
class Desk:
    """A place's accounts, and how it signs requests to the place above."""

    accounts: AccountDesk
    key: SigningKey
    chain: tuple[bytes, ...]

    @contextmanager
    def line(self, url: str) -> Iterator[AccountRemote]:
        """The place at `url`, asked in this place's name."""
        http = SignedHttp(url, place=url, key=self.key, chain=self.chain, clock=SystemClock())
        try:
            yield HttpAccounts(http)
        finally:
            http.close()

    def received(self, place: str) -> Received:
        """What `place` brought last. Raises `NoAccountOf`."""
        for each in self.accounts.received():
            if each.account.place == place:
                return each
        raise NoAccountOf(place=place)


@contextmanager
def account_desk(folder: Path, keys_file: Path | None, sign_in: SignIn, url: str | None = None) -> Iterator[Desk]:
    """The desk of whatever place `folder` holds. A station's store is opened with an operator's PIN; it may run."""
    facts = read_any_place(folder)
    keys = keys_file or folder.parent / "keys" / f"{folder.name}.keys"
    if facts["place"] == "station":
        with _station(folder, keys, sign_in) as desk:
            yield desk
        return
    if facts["place"] not in {"office", "centre"}:
        raise NoSuchPlace(folder=folder, place="station, office or centre")
    with ExitStack() as stack:
        pool = _pool(stack, folder, facts["place"], url)
        held: Centre | Office = (
            open_centre(folder, keys, pool) if facts["place"] == "centre" else open_office(folder, keys, pool)
        )
        yield Desk(held.accounts, SigningKey(keyfile.load(keys)["signing"]), _chain(facts))


def _chain(facts: dict[str, Any]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(each) for each in facts["chain"])


def _pool(stack: ExitStack, folder: Path, place: str, url: str | None) -> Pool:
    """The running place's database, or the place's own for as long as this takes."""
    pool = running_pool(folder, url)
    if pool is not None:
        stack.callback(pool.close)
        return pool
    stack.enter_context(DataFolder(folder, place))
    pool, _ = stack.enter_context(database(folder, place, url))
    (Centre if place == "centre" else Office).migrate(pool)
    return pool


@contextmanager
def _station(folder: Path, keys: Path, sign_in: SignIn) -> Iterator[Desk]:
    clock = SystemClock()
    operators = Operators(folder / "operators.cbor", clock, pepper=keyfile.load(keys)["pepper"])
    operator, pin = sign_in([each.subject for each in operators.listed()])
    store = StationStore.open(folder / "station.db", operators.sign_in(operator, pin).store_key)
    try:
        identity = store.identity()
        accounts = station_accounts(store, identity, BlobStore(folder / "packets", RealDisk()), clock)
        yield Desk(accounts, identity.signing, identity.chain)
    finally:
        store.close()


def reconcile(
    desk: Desk, against: str | None, *, scope: str = "", progress: Progress = lambda _done, _all: None
) -> Report:
    """The place's own account (of one station's or one office's packets, as `scope` says), alone or against a file, an
    address, or the id of a place that brought its account.

    What a comparison over the line finds missing is looked at twice: a packet may have arrived between two answers.
    """
    if against is None:
        return report_on(desk.accounts.own(scope, progress=progress))
    if Path(against).is_file():
        return against_account(desk.accounts, desk.accounts.read(Path(against).read_bytes()))
    if "://" not in against:
        return against_received(desk.accounts, desk.received(against))
    with desk.line(against) as remote:
        report = against_above(desk.accounts, remote)
        if not report.complete:
            time.sleep(1)
            report = against_above(desk.accounts, remote)
    return report
