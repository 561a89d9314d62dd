"""`rekam office`: one office's web process and its relay, wired from a data folder and a key file."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rekam.apps.admitted_staff import admit_staff
from rekam.apps.centre_line import centre_client, first_of
from rekam.apps.courier_media import courier_media
from rekam.apps.database import database
from rekam.apps.lean_process import server_heap
from rekam.apps.link_command import link_of
from rekam.apps.place_file import chain_of, key_of, read_place
from rekam.apps.retention import office_retention
from rekam.apps.serving import require_free, serve
from rekam.exchange.account_http import HttpAccounts
from rekam.exchange.http_log import HttpLog
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.lanes import ThreadLanes
from rekam.exchange.letters import Block
from rekam.exchange.limited_remote import LimitedRemote
from rekam.exchange.link_file import LinkFile
from rekam.exchange.remote import Remote
from rekam.exchange.rounds import going_on
from rekam.exchange.signed_http import SignedHttp
from rekam.exchange.statements_http import HttpStatements
from rekam.exchange.witness_http import HttpCosignatures
from rekam.office.app import create_office_app
from rekam.office.background import background
from rekam.office.hand_back import HandBack
from rekam.office.keys import OfficeKeys
from rekam.office.log_watch import LogLine
from rekam.office.office import Office
from rekam.office.ports import Ports
from rekam.storage.disk import RealDisk
from rekam.storage.folder import DataFolder
from rekam.storage.pool import Pool
from rekam.trust import keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SystemClock
from rekam.trust.keys import OpeningKey, SigningKey, VerifyKey
from rekam.web.staff.postgres import PgStaffStore

__all__ = ["open_letters", "open_office", "run_office"]

RESERVE_BYTES = 512 * 1024 * 1024
_CENTRE = "Pusat Data Kependudukan"
LANES = 4
"""Uploads in flight: enough to hide the way there and back of 800 ms behind the others' bytes (docs/adr/0025)."""


def run_office(folder: Path, keys_file: Path, port: int, centre_url: str, database_url: str | None) -> None:
    """Serves stations and staff until stopped; the relay goes on in a thread of its own."""
    server_heap()
    require_free(port)
    facts = read_place(folder, "office")
    with DataFolder(folder, "office"), database(folder, "office", database_url) as (pool, _):
        Office.migrate(pool)
        link = link_of(folder, facts, lambda: office.dates.now().at)
        office = open_office(folder, keys_file, pool, centre_url, link)
        staff = PgStaffStore(pool)
        admit_staff(staff, facts["staff"])
        office.blanks.open_with(facts["opening_blanks"], "Stok awal", by="pembukaan")
        open_letters(office, facts)
        hand_back = hand_back_of(office, folder, keys_file, centre_url)
        with going_on((*background(office), hand_back)):
            app = create_office_app(office, staff, media=courier_media(), link=link)
            serve(app, port, ready=f"office {office.id} http://127.0.0.1:{port}")


def open_letters(office: Office, facts: Mapping[str, Any]) -> None:
    """The numbers of letters that stations were given when they were provisioned; again changes nothing."""
    given = facts.get("letter_blocks", ())
    office.letters.open_with((station, epoch, Block(*numbers)) for station, epoch, *numbers in given)


def hand_back_of(office: Office, folder: Path, keys_file: Path, centre_url: str) -> HandBack:
    """What this office tells a centre that was restored from its backup."""
    signing, chain = SigningKey(keyfile.load(keys_file)["signing"]), chain_of(read_place(folder, "office")["chain"])
    client = centre_client(centre_url, folder, chain_of(read_place(folder, "office")["centre_chain"]), office.root)
    line = SignedHttp(first_of(centre_url), place=_CENTRE, key=signing, chain=chain, clock=office.clock, client=client)
    return HandBack(office.pool, office.packets, office.id, line, office.centre.signing)


def open_office(
    folder: Path, keys_file: Path, pool: Pool, centre_url: str = "http://localhost", link: LinkFile | None = None
) -> Office:
    """The office over a migrated database; nothing of it runs yet. `link` limits what goes up to the centre."""
    facts, secrets, clock = read_place(folder, "office"), keyfile.load(keys_file), SystemClock()
    signing, chain = SigningKey(secrets["signing"]), chain_of(facts["chain"])
    keys = OfficeKeys(
        signing, OpeningKey.from_bytes(secrets["parcels"]), DataKey(secrets["data"]), SigningKey(secrets["document"])
    )
    root, centre_chain, at = VerifyKey(key_of(facts["root"])), chain_of(facts["centre_chain"]), first_of(centre_url)
    client = centre_client(centre_url, folder, centre_chain, root)
    line = SignedHttp(at, place=_CENTRE, key=signing, chain=chain, clock=clock, client=client)
    remote: Remote = HttpRemote(at, place=_CENTRE, key=signing, chain=chain, clock=clock, client=client)
    if link is not None:
        remote = LimitedRemote(remote, link.applied, clock, time.sleep, place=_CENTRE)
    return Office(
        Ports(
            pool=pool,
            folder=folder,
            disk=RealDisk(),
            clock=clock,
            keys=keys,
            chain=chain,
            centre_chain=centre_chain,
            document_chain=chain_of(facts["document_chain"]),
            root=root,
            town=facts["town"],
            remote=remote,
            statements=HttpStatements(line),
            accounts=HttpAccounts(line),
            log=LogLine(HttpLog(at, place=_CENTRE, client=client), HttpCosignatures(line)),
            reserve=RESERVE_BYTES,
            retention=office_retention(facts),
            lanes=ThreadLanes(LANES),
        )
    )
