"""Provisioning: from a plan to keys, certificates and one data folder a place, whole or not at all."""

import json
import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rekam.apps.ceremony import CountryKeys, Holder, OfficeKeys, Staff, centre_bundle
from rekam.apps.place_file import write_place
from rekam.drill.plan import CountryPlan, Member, OfficePlan, StationPlan
from rekam.enrolment.errors import RekamError
from rekam.exchange.announced import Announced
from rekam.exchange.filter import build_snapshot, filter_hash, shard_of
from rekam.exchange.filter_shelf import FILTER
from rekam.exchange.letters import BLOCK, Block
from rekam.office.station_setup import OfficeSetup, StationSetup, write_setup
from rekam.station import announced
from rekam.station.letters import Letters
from rekam.station.residents import Residents
from rekam.station.store import Identity, StationStore
from rekam.station.unlock import Operator, Operators
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.whole_file import write_whole
from rekam.trust import cbor, keyfile
from rekam.trust.at_rest import DataKey, keyed_hash
from rekam.trust.clock import SystemClock
from rekam.trust.pin import DEFAULT_COST, Cost, hash_password

__all__ = ["CountryExists", "make_country", "require_vacant"]


class CountryExists(RekamError):
    """The folder {folder} already holds something. Nothing was changed.
    If it is a country, start it with rekam up; otherwise choose another folder with --data.
    """


@dataclass(frozen=True)
class _Made:
    """What the steps below share."""

    folder: Path
    plan: CountryPlan
    keys: CountryKeys
    centre: Holder
    centre_secrets: Mapping[str, bytes]
    cost: Cost


def require_vacant(folder: Path) -> None:
    """Raises `CountryExists` unless `folder` is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CountryExists(folder=folder)


def make_country(folder: Path, plan: CountryPlan, *, cost: Cost = DEFAULT_COST) -> None:
    """Everything is made in a folder beside and renamed at the end. Raises `CountryExists` unless `folder` is new or
    empty.
    """
    require_vacant(folder)
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    try:
        _make(fresh, plan, cost)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)  # keys of a country that never was
        raise
    fresh.rename(folder)
    RealDisk().fsync_folder(folder.parent)


def _make(fresh: Path, plan: CountryPlan, cost: Cost) -> None:
    keys = CountryKeys()
    centre = keys.centre()
    made = _Made(fresh, plan, keys, centre, centre_bundle(centre), cost)
    offices = {office.office: keys.office(office.office, office.name) for office in plan.offices}
    keyfile.save(fresh / "keys" / "root.keys", {"root": keys.root.to_bytes()})
    _make_centre(made, list(offices.values()))
    _make_portal(made)
    for office in plan.offices:
        keys_of = offices[office.office]
        secrets = _make_office(made, office, keys_of)
        setups = {
            str(station.station): _make_station(made, office, station, keys_of, blocks)
            for station, blocks in zip(office.stations, _letter_blocks(made, office), strict=True)
        }
        _leave_setup(made, office, setups, DataKey(secrets["data"]))


def _make_centre(made: _Made, offices: list[OfficeKeys]) -> None:
    keyfile.save(made.folder / "keys" / "centre.keys", made.centre_secrets)
    write_place(
        made.folder / "centre",
        {
            "place": "centre",
            "name": "Pusat Data Kependudukan",
            "root": made.keys.root.public.to_bytes(),
            "chain": made.centre.chain,
            "offices": [list(office.holder.chain) for office in offices],
            "staff": _staff(made.plan.centre_staff, made.cost),
        },
    )
    register = cbor.encode([person.to_map() for person in made.plan.residents])
    data = DataKey(made.centre_secrets["data"])
    write_whole(made.folder / "centre" / "register.sealed", data.seal(register, b"provision/register"))
    if made.plan.recorded:
        check = made.centre_secrets["check"]
        people = [[keyed_hash(check, "filter", nik), shard_of(nik)] for nik in made.plan.recorded]
        recorded = cbor.encode({"as_of": made.plan.on.isoformat(), "people": people})
        write_whole(made.folder / "centre" / "recorded.sealed", data.seal(recorded, b"provision/recorded"))


def _make_portal(made: _Made) -> None:
    holder = made.keys.portal()
    secrets = {"signing": holder.key.to_bytes(), "portal-status": made.centre_secrets["portal-status"]}
    keyfile.save(made.folder / "keys" / "portal.keys", secrets)
    write_place(
        made.folder / "portal",
        {
            "place": "portal",
            "name": "Portal Rekam",
            "root": made.keys.root.public.to_bytes(),
            "chain": holder.chain,
            "centre_chain": made.centre.chain,
        },
    )


def _make_office(made: _Made, office: OfficePlan, keys: OfficeKeys) -> Mapping[str, bytes]:
    document = keys.office_document_key()
    secrets = keys.bundle() | {"document": document.key.to_bytes()}
    keyfile.save(made.folder / "keys" / f"office-{office.office}.keys", secrets)
    write_place(
        made.folder / f"office-{office.office}",
        {
            "place": "office",
            "id": office.office,
            "name": office.name,
            "town": office.place,
            "root": made.keys.root.public.to_bytes(),
            "chain": keys.holder.chain,
            "document_chain": document.chain,
            "centre_chain": made.centre.chain,
            "staff": _staff(office.staff, made.cost),
            "opening_blanks": office.opening_blanks,
            "letter_blocks": [
                [str(station.station), 1, block.year, block.first, block.last]
                for station, blocks in zip(office.stations, _letter_blocks(made, office), strict=True)
                for block in blocks
            ],
            "letterhead": dict(office.letterhead),
            "official": dict(office.official),
        },
    )
    return secrets


def _leave_setup(made: _Made, office: OfficePlan, stations: Mapping[str, StationSetup], data: DataKey) -> None:
    """What the office needs to set a station up anew without anybody travelling."""
    setup = OfficeSetup(
        stations=stations,
        check_key=made.centre_secrets["check"],
        suket_policy=office.suket_policy,
        place=office.place,
        letterhead=dict(office.letterhead),
        official=dict(office.official),
        residents=tuple(person.to_map() for person in made.plan.residents),
    )
    write_setup(made.folder / f"office-{office.office}", setup, data)


def _letter_blocks(made: _Made, office: OfficePlan) -> list[tuple[Block, Block]]:
    """Two blocks of numbers of letters for each station of an office, so that it issues them before it ever saw a line;
    the office knows of them (docs/adr/0044).
    """
    starts = range(1, 2 * BLOCK * len(office.stations), 2 * BLOCK)
    year = made.plan.on.year
    return [
        (Block(year, start, start + BLOCK - 1), Block(year, start + BLOCK, start + 2 * BLOCK - 1)) for start in starts
    ]


def _make_station(
    made: _Made, office: OfficePlan, station: StationPlan, keys: OfficeKeys, blocks: tuple[Block, Block]
) -> StationSetup:
    folder, name = made.folder / f"station-{station.station}", f"station-{station.station}"
    captures = {"devices": made.plan.devices, "samples": made.plan.samples}
    write_place(folder, {"place": "station", "id": station.station, "name": station.name, **captures})
    pepper, store_key = DataKey.generate().to_bytes(), DataKey.generate().to_bytes()
    keyfile.save(made.folder / "keys" / f"{name}.keys", {"pepper": pepper})
    identity = _identity(made, office, station, keys)
    store = StationStore.create(folder / "station.db", store_key, identity)
    Residents(store).load(made.plan.residents)
    Letters(store, identity.office).begin_with(blocks)
    _put_filter(folder, made, store)
    store.close()
    operators = Operators(folder / "operators.cbor", SystemClock(), pepper=pepper, cost=made.cost)
    for member in station.operators:
        holder = keys.staff(Staff(member.subject, member.name, member.role, member.secret))
        operator = Operator(member.subject, member.name, member.role)
        operators.add(operator, member.secret, holder.key, holder.chain, store_key)
    _write_cast(folder, made.plan)
    who = tuple((member.subject, member.name, member.role) for member in station.operators)
    return StationSetup(station.name, who, identity.chain)


def _identity(made: _Made, office: OfficePlan, station: StationPlan, keys: OfficeKeys) -> Identity:
    own = keys.station(station.station, station.name)
    document = keys.document_key(station.station, station.name)
    return Identity(
        station=station.station,
        name=station.name,
        office_name=office.name,
        epoch=1,
        signing=own.key,
        chain=own.chain,
        document=document.key,
        document_chain=document.chain,
        centre_chain=made.centre.chain,
        root=made.keys.root.public,
        check_key=made.centre_secrets["check"],
        suket_policy=office.suket_policy,
        place=office.place,
        letterhead=dict(office.letterhead),
        official=dict(office.official),
    )


def _write_cast(folder: Path, plan: CountryPlan) -> None:
    if plan.cast:
        write_whole(folder / "cast.json", json.dumps(plan.cast, indent=1).encode())


def _put_filter(folder: Path, made: _Made, store: StationStore) -> None:
    """The very edition that the centre publishes at its first start: the same people give the same parts."""
    if not made.plan.recorded:
        return
    shards: dict[str, list[int]] = defaultdict(list)
    for nik in made.plan.recorded:
        shards[shard_of(nik)].append(filter_hash(made.centre_secrets["check"], nik))
    parts = BlobStore(folder / "parts", RealDisk())
    hashes = ((name, np.array(of_shard, np.uint64)) for name, of_shard in shards.items())
    part = build_snapshot(hashes, parts.put, edition=1, as_of=made.plan.on, signer=made.centre.key)
    with store.tx() as tx:
        announced.note(tx, Announced(FILTER, 1, part))


def _staff(members: tuple[Member, ...], cost: Cost) -> list[dict[str, Any]]:
    return [
        {"name": member.subject, "roles": [member.role], "password_hash": hash_password(member.secret, cost=cost)}
        for member in members
    ]
