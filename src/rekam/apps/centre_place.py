"""`rekam centre`: the centre's web process and its worker, wired from a data folder and a key file."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from rekam.abis.finger.extractors import FingerExtractor
from rekam.apps.admitted_staff import admit_staff
from rekam.apps.courier_media import courier_media
from rekam.apps.database import database
from rekam.apps.place_file import chain_of, key_of, read_place
from rekam.apps.serving import require_free, serve
from rekam.apps.twin_wiring import let_no_commit_wait, paired
from rekam.apps.worker_process import WorkerProcess
from rekam.centre.app import create_centre_app
from rekam.centre.background import background
from rekam.centre.centre import Centre
from rekam.centre.finger_choice import Wanted, finger_extractor
from rekam.centre.nik_hashes import NikHashes
from rekam.centre.ports import CentreKeys, Ports
from rekam.centre.reextraction import Outcome
from rekam.centre.twin.far import Bond
from rekam.centre.twin.fence import Fence
from rekam.centre.twin.mirror import TwinMirror
from rekam.centre.twin.pairing import Pairing
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.exchange.rounds import going_on
from rekam.storage.disk import RealDisk
from rekam.storage.errors import MissingDatabase
from rekam.storage.folder import DataFolder
from rekam.storage.pool import Pool, connect_pool
from rekam.storage.replication import Address
from rekam.trust import cbor, keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SystemClock
from rekam.trust.keys import OpeningKey, SigningKey, VerifyKey
from rekam.web.staff.postgres import PgStaffStore

__all__ = [
    "CentreNotRunning",
    "open_centre",
    "publish_notice",
    "re_extract",
    "run_centre",
    "run_worker",
    "running_centre",
    "running_pool",
]


_LOOK_S = 1.0
RESERVE_BYTES = 512 * 1024 * 1024
"""Kept free at the centre: intake asks senders to wait before stages, feed and database run out of room (never 15)."""


class CentreNotRunning(RekamError):
    """The centre of {folder} is not running, so nothing was published. Start it (rekam up, or rekam centre), then
    publish again.
    """


def open_centre(folder: Path, keys_file: Path, pool: Pool, finger_extractor: FingerExtractor | None = None) -> Centre:
    """The centre over an open pool; its database must be migrated. Only a worker needs the extractor."""
    facts, secrets = read_place(folder, "centre"), keyfile.load(keys_file)
    keys = CentreKeys(
        SigningKey(secrets["signing"]),
        (OpeningKey.from_bytes(secrets["opening"]),),
        DataKey(secrets["data"]),
        NikHashes(secrets["nik"], secrets["portal-status"], secrets["check"]),
    )
    Fence(folder).require_down()
    root = VerifyKey(key_of(facts["root"]))
    clock, chain = SystemClock(), chain_of(facts["chain"])
    mirror = TwinMirror(Pairing(pool), Bond.of(keys.signing, chain, clock))
    return Centre(
        Ports(
            pool=pool,
            folder=folder,
            disk=RealDisk(),
            clock=clock,
            keys=keys,
            root=root,
            chain=chain,
            reserve=RESERVE_BYTES,
            finger_extractor=finger_extractor,
            mirror=mirror,
        )
    )


def run_centre(
    folder: Path, keys_file: Path, port: int, database_url: str | None, replicate_on: Address | None = None
) -> None:
    """Serves until stopped; the worker is a process of its own and ends with this one, however that ends.

    `replicate_on`: where a twin may copy the database. Raises `Superseded` where another centre took over from it.
    """
    require_free(port)
    facts = read_place(folder, "centre")
    with (
        Fence(folder).told(),
        DataFolder(folder, "centre"),
        database(folder, "centre", database_url, replicate_on) as (pool, dsn),
    ):
        let_no_commit_wait(dsn)
        Centre.migrate(pool)
        centre = open_centre(folder, keys_file, pool)
        _take_over(centre, folder, keys_file, facts)
        staff = PgStaffStore(pool)
        admit_staff(staff, facts["staff"])
        with (
            WorkerProcess(folder, keys_file, dsn),
            going_on(background(centre)),
            paired(centre, keys_file, dsn, replicate_on) as pair,
        ):
            app = create_centre_app(centre, staff, SystemClock(), media=courier_media(), twin=pair.seen)
            pair.attach(app)
            serve(app, port, ready=f"centre http://127.0.0.1:{port}")


def run_worker(folder: Path, keys_file: Path, dsn: str, fingers: Wanted = "auto") -> None:
    """Runs stages until standard input closes, which it does when the centre's process ends.

    Raises `LeaderNotReady` before it takes a packet.
    """
    extractor = finger_extractor(folder, fingers)
    stop = threading.Event()

    def watch() -> None:
        while os.read(0, 4096):
            continue
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    pool = connect_pool(dsn, max_size=4)
    try:
        centre = open_centre(folder, keys_file, pool, extractor)
        while centre.recollection.open and not stop.wait(_LOOK_S):
            continue  # stages would tell what was told before
        centre.worker().run(stop)
    finally:
        pool.close()


def publish_notice(
    folder: Path, keys_file: Path, text: str, english: str, todo: str, todo_english: str, url: str | None = None
) -> int:
    """Publishes into the running centre's database. Returns the notice's number; raises `CentreNotRunning`."""
    with running_centre(folder, keys_file, url) as centre:
        author = "rekam centre notice"
        return centre.notices.publish(text, english, author=author, todo_id=todo, todo_en=todo_english).number


@contextmanager
def running_centre(folder: Path, keys_file: Path, url: str | None) -> Iterator[Centre]:
    """The centre over the database of the one that runs. Raises `CentreNotRunning`."""
    pool = running_pool(folder, url)
    if pool is None:
        raise CentreNotRunning(folder=folder)
    try:
        yield open_centre(folder, keys_file, pool)
    finally:
        pool.close()


def re_extract(
    folder: Path, keys_file: Path, url: str | None, fingers: Wanted, progress: Callable[[int, int], None]
) -> Outcome:
    """Makes the gallery's templates anew with the engine in use, beside the running centre or, where it is not running,
    with a database of its own for as long as it takes.
    """
    with ExitStack() as stack:
        pool = running_pool(folder, url)
        if pool is None:
            stack.enter_context(DataFolder(folder, "centre"))
            pool, _ = stack.enter_context(database(folder, "centre", url))
            Centre.migrate(pool)
        else:
            stack.callback(pool.close)
        extractor = finger_extractor(folder, fingers)
        return open_centre(folder, keys_file, pool, extractor).reextraction().run(progress)


def running_pool(folder: Path, url: str | None) -> Pool | None:
    """The database of the running place in `folder`; None where it is not running."""
    held = folder / "database.dsn"
    if url is None and not held.exists():
        return None
    try:
        return connect_pool(url or held.read_text(), timeout_s=3)
    except MissingDatabase:
        return None


def _take_over(centre: Centre, folder: Path, keys_file: Path, facts: dict[str, Any]) -> None:
    """What provisioning left at the door: the offices' certificates, the sealed register extract, and who was recorded
    before.
    """
    for chain in facts["offices"]:
        centre.admit_office(chain_of(chain))
    sealed = folder / "register.sealed"
    if sealed.exists():
        data = DataKey(keyfile.load(keys_file)["data"])
        people = cbor.decode(data.open(sealed.read_bytes(), b"provision/register"))
        centre.load_register(Biodata.from_map(person) for person in people)
        sealed.unlink()
    recorded = folder / "recorded.sealed"
    if recorded.exists():
        data = DataKey(keyfile.load(keys_file)["data"])
        before = cbor.decode(data.open(recorded.read_bytes(), b"provision/recorded"))
        centre.snapshots.adopt(before["people"], date.fromisoformat(before["as_of"]))
        recorded.unlink()
