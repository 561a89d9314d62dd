"""A whole small country in one process: provisioned folders, a station, its office and the centre above it.

Every part is the real one. A link can be cut, and clocks and disks can be others than the machine's. The people do
not exist; most fingers are exceptions, so that a sitting takes about a second.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from rekam.apps.place_file import chain_of, key_of, read_place
from rekam.apps.provision import make_country
from rekam.centre.centre import Centre
from rekam.centre.nik_hashes import NikHashes
from rekam.centre.ports import CentreKeys
from rekam.centre.ports import Ports as CentrePorts
from rekam.drill.demo import PIN, SUPERVISOR_PIN, demo_country
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, Modality
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.remote import LocalRemote, Remote
from rekam.office.keys import OfficeKeys
from rekam.office.office import Office
from rekam.office.ports import Ports as OfficePorts
from rekam.station.devices.cast import Cast
from rekam.station.devices.simulated import SimulatedDevice
from rekam.station.ports import Ports
from rekam.station.recordings import Recording
from rekam.station.sitting import Sitting
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.storage.disk import Disk, RealDisk
from rekam.trust import keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import Clock, SystemClock
from rekam.trust.keys import OpeningKey, SigningKey, VerifyKey
from rekam.trust.pin import Cost
from rekam.web.assets import PDF_FONTS

__all__ = [
    "OPERATOR",
    "STATION",
    "SUPERVISOR",
    "Link",
    "country",
    "open_centre",
    "open_office",
    "open_station",
    "prepared",
    "record",
    "remote_of",
    "root_of",
    "tables_of",
]

STATION, OPERATOR, SUPERVISOR = "317401-01", "op-317401-01", "spv-317401-01"
_CHEAP = Cost(memory_kib=1024, passes=1, lanes=1)
_HELD = (Modality.PHOTO, Modality.SIGNATURE, Modality.IRIS)


def country(folder: Path, *residents: Biodata) -> Path:
    """Keys, certificates and one data folder a place, as provisioning makes them; nobody is in the filter."""
    plan = replace(demo_country(date(2016, 10, 3), residents), recorded=())
    make_country(folder, plan, cost=_CHEAP)
    return folder


class Link:
    """A line to another place that can be cut."""

    def __init__(self, far: Remote | None = None) -> None:
        self.far = far

    def __getattr__(self, name: str) -> Callable[..., object]:
        if self.far is None:
            raise RemoteUnreachable(place="Disdukcapil", reason="no connection")
        return getattr(self.far, name)


def open_station(
    folder: Path, link: Link, *, clock: Clock | None = None, disk: Disk | None = None, reserve_bytes: int = 0
) -> Station:
    """The station of Tebet, locked; it looks for work only when told, and once at the first sign-in."""
    home = folder / f"station-{STATION}"
    pepper = keyfile.load(folder / "keys" / f"station-{STATION}.keys")["pepper"]
    device = SimulatedDevice(Cast(home / "cast.json"), bad_attempts=False)
    ports = Ports(
        folder=home,
        disk=disk or RealDisk(),
        clock=clock or SystemClock(),
        device=device,
        connect=lambda _: link,
        fonts=PDF_FONTS,
        pepper=pepper,
        reserve_bytes=reserve_bytes,
        pause_s=3600,
    )
    return Station(ports)


def prepared(station: Station, operator: Unlocked, nik: str) -> Sitting:
    """A sitting with everything done but the saving."""
    sitting = station.sittings.confirm_biodata(station.sittings.open(nik, operator).sitting_id)
    for slot in ALL_SLOTS:
        if slot.modality in _HELD:
            sitting, _ = station.sittings.capture(sitting.sitting_id, slot)
        else:
            sitting = station.sittings.except_slot(
                sitting.sitting_id, slot, ExceptionReason.NOT_HELD, SUPERVISOR, SUPERVISOR_PIN
            )
    return sitting


def record(station: Station, nik: str) -> Recording:
    """One resident through the whole counter."""
    operator = station.sign_in(OPERATOR, PIN)
    sitting = prepared(station, operator, nik)
    supervisor = station.supervisor(SUPERVISOR, SUPERVISOR_PIN)
    return station.sittings.save(sitting.sitting_id, operator, supervisor=supervisor, consent=True)


def root_of(folder: Path) -> VerifyKey:
    return VerifyKey(key_of(read_place(folder / "centre", "centre")["root"]))


def open_centre(folder: Path, pool, *residents: Biodata, clock: Clock | None = None) -> Centre:
    """The centre over a migrated database, with its offices admitted and `residents` in the register."""
    facts, secrets = read_place(folder / "centre", "centre"), keyfile.load(folder / "keys" / "centre.keys")
    keys = CentreKeys(
        SigningKey(secrets["signing"]),
        (OpeningKey.from_bytes(secrets["opening"]),),
        DataKey(secrets["data"]),
        NikHashes(secrets["nik"], secrets["portal-status"], secrets["check"]),
    )
    ports = CentrePorts(
        pool=pool,
        folder=folder / "centre",
        disk=RealDisk(),
        clock=clock or SystemClock(),
        keys=keys,
        root=root_of(folder),
        chain=chain_of(facts["chain"]),
    )
    centre = Centre(ports)
    for chain in facts["offices"]:
        centre.admit_office(chain_of(chain))
    centre.load_register(residents)
    return centre


def open_office(folder: Path, pool, remote: Remote | None, *, clock: Clock | None = None, **changes: object) -> Office:
    """The office of Jakarta Selatan over a migrated database; `remote` is its centre."""
    home = folder / "office-3174"
    facts, secrets = read_place(home, "office"), keyfile.load(folder / "keys" / "office-3174.keys")
    keys = OfficeKeys(
        SigningKey(secrets["signing"]),
        OpeningKey.from_bytes(secrets["parcels"]),
        DataKey(secrets["data"]),
        SigningKey(secrets["document"]),
    )
    return Office(
        OfficePorts(
            pool=pool,
            folder=home,
            disk=changes.pop("disk", None) or RealDisk(),
            clock=clock or SystemClock(),
            keys=keys,
            chain=chain_of(facts["chain"]),
            centre_chain=chain_of(facts["centre_chain"]),
            document_chain=chain_of(facts["document_chain"]),
            root=root_of(folder),
            town=facts["town"],
            remote=remote,
            **changes,
        )
    )


def remote_of(centre: Centre) -> LocalRemote:
    """The centre as its offices reach it."""
    return LocalRemote(centre.inbox, centre.feed)


def tables_of(pool) -> list[str]:
    """The names of all tables of a place's database, PostgreSQL's own left out."""
    with pool.connection() as connection:
        found = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        return [table for (table,) in found]
