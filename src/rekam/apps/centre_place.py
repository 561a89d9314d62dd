"""`rekam centre`: the centre's web process, wired from a data folder and a key file."""

from datetime import date
from pathlib import Path
from typing import Any

from rekam.apps.admitted_staff import admit_staff
from rekam.apps.centre_opening import open_centre
from rekam.apps.courier_media import courier_media
from rekam.apps.database import database
from rekam.apps.lean_process import server_heap
from rekam.apps.place_file import chain_of, read_place
from rekam.apps.serving import require_free, serve
from rekam.apps.twin_wiring import let_no_commit_wait, paired
from rekam.apps.worker_process import WorkerProcess
from rekam.centre.app import create_centre_app
from rekam.centre.background import background
from rekam.centre.centre import Centre
from rekam.centre.twin.fence import Fence
from rekam.enrolment.biodata import Biodata
from rekam.exchange.rounds import going_on
from rekam.storage.folder import DataFolder
from rekam.storage.replication import Address
from rekam.trust import cbor, keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SystemClock
from rekam.web.staff.postgres import PgStaffStore

__all__ = ["run_centre"]


def run_centre(
    folder: Path, keys_file: Path, port: int, database_url: str | None, replicate_on: Address | None = None
) -> None:
    """Serves until stopped; the worker is a process of its own and ends with this one, however that ends.

    `replicate_on`: where a twin may copy the database. Raises `Superseded` where another centre took over from it.
    """
    server_heap()
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
