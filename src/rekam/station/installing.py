"""From a bundle to a station that records: store, operators with new PINs, what was carried over: `install`.

Built beside, put in place by renames at the end. Each step may be repeated, so that a laptop that dies in the middle
goes on when the command is run again. What lay in the folder before is moved aside, never removed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.exchange.recovery_account import Found
from rekam.station.carried import CarriedOutbox, Earlier
from rekam.station.carry_over import Taken, carry_packets, carry_store
from rekam.station.corrections import begin_with
from rekam.station.recovering import Bundle, Recovering, RecoveryOffice, earlier_rows
from rekam.station.residents import Residents
from rekam.station.store import StationStore
from rekam.station.unlock import Operator, Operators
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import Disk
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.pin import DEFAULT_COST, Cost
from rekam.trust.random import Random

__all__ = ["Installed", "OldStation", "PinsMissing", "Site", "install", "move_aside"]

_WORKSHOP: Final = ".recovery"
_PARTS: Final = ("station.db", "station.db-wal", "station.db-shm", "operators.cbor", "operators.attempts", "packets")


class PinsMissing(RekamError):
    """Nobody was given a PIN, so nobody could sign in here. Nothing was changed. Give at least one operator a PIN:
    {staff}
    """


@dataclass(frozen=True)
class OldStation:
    """What is left of the old installation: `folders` as (folder, "disk" or "usb"); `store` where it opens."""

    folders: tuple[tuple[Path, str], ...] = ()
    store: StationStore | None = None


@dataclass(frozen=True)
class Site:
    """Where the station is installed, and what this machine offers."""

    folder: Path
    disk: Disk
    clock: Clock
    random: Random
    cost: Cost = DEFAULT_COST


@dataclass
class Installed:
    """What came over: recordings of a store that opened, and each folder with its packets."""

    recordings: int = 0
    taken: list[tuple[Path, Taken]] = field(default_factory=list)
    found: Found = field(default_factory=Found)


def move_aside(recovering: Recovering, folder: Path, disk: Disk) -> Path | None:
    """Move what `folder` holds of an earlier installation into a folder `before-N` of it; None where it held nothing.

    Where to is noted before anything moves, and that all has moved afterwards: after a crash the same is done to its
    end, and once done never again to what the recovery itself put in place.
    """
    aside = folder / recovering.noted("aside", f"before-{len(list(folder.glob('before-*'))) + 1}")
    if not recovering.has("moved"):
        there = [name for name in _PARTS if (folder / name).exists()]
        if there:
            aside.mkdir(mode=0o700, exist_ok=True)
        for name in there:
            (folder / name).rename(aside / name)
            disk.fsync_folder(aside)
            disk.fsync_folder(folder)
        recovering.noted("moved", "yes")
    return aside if aside.exists() else None


def install(
    site: Site,
    recovering: Recovering,
    bundle: Bundle,
    office: RecoveryOffice,
    pins: Mapping[str, str],
    old: OldStation,
    told: Callable[[str, int, int], object] = lambda _what, _done, _all: None,
) -> Installed:
    """Build and put in place; the caller then writes place and key file and calls `recovering.finish`.

    Raises `PinsMissing`, and whatever disk and line raise: then it is run again.
    """
    if not any(pins.get(subject) for subject, _, _ in bundle.staff):
        raise PinsMissing(staff=", ".join(subject for subject, _, _ in bundle.staff))
    workshop = site.folder / _WORKSHOP
    workshop.mkdir(parents=True, mode=0o700, exist_ok=True)
    store = StationStore.create(workshop / "station.db", recovering.store_key, bundle.identity)
    try:
        told("residents", 0, len(bundle.residents))
        Residents(store).load(Biodata.from_map(person) for person in bundle.residents)
        begin_with(store, bundle.corrections, *bundle.corrected_to)
        for one in bundle.earlier:
            Earlier(store).put(one["epoch"], tuple(one["chain"]), earlier_rows(bundle.identity.station, one))
        installed = Installed(recordings=carry_store(old.store, store) if old.store else 0)
        blobs = BlobStore(site.folder / "packets", site.disk)
        for folder, source in old.folders:
            taken = carry_packets(
                folder, source, store, blobs, site.clock, lambda done, every: told("packets", done, every), old.store
            )
            installed.taken.append((folder, taken))
        installed.found = CarriedOutbox(store).found(max(Earlier(store).chains(), default=1))
        _enrol(site, recovering, bundle, office, pins, workshop)
    finally:
        store.close()
    for name in ("operators.cbor", "station.db"):  # the store last: with it the station is there
        (workshop / name).rename(site.folder / name)
    site.disk.fsync_folder(site.folder)
    return installed


def _enrol(
    site: Site,
    recovering: Recovering,
    bundle: Bundle,
    office: RecoveryOffice,
    pins: Mapping[str, str],
    workshop: Path,
) -> None:
    """A key of their own for everybody with a PIN, certified by the office, closed by the PIN."""
    present: Sequence[tuple[str, str, str]] = [who for who in bundle.staff if pins.get(who[0])]
    keys = {subject: SigningKey.generate(site.random) for subject, _, _ in present}
    chains = office.staff(bundle.identity, {subject: key.public for subject, key in keys.items()})
    operators = Operators(workshop / "operators.cbor", site.clock, pepper=recovering.pepper, cost=site.cost)
    for subject, name, role in present:
        operators.add(
            Operator(subject, name, role), pins[subject], keys[subject], chains[subject], recovering.store_key
        )
