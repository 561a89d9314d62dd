"""The centre's backup and its restoration, wired: `back_up`, `restore`, `resume`."""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from rekam.apps.centre_opening import open_centre
from rekam.apps.pair_told import running
from rekam.apps.place_file import chain_of, read_place
from rekam.apps.provision import require_vacant
from rekam.centre.backup import STORES, BackupPage, bring_across
from rekam.centre.recollection.recollection import Recollected
from rekam.centre.recollection.sql import QUERIES as RECOLLECTION
from rekam.centre.twin.audit import Audit, audit
from rekam.centre.twin.generations import QUERIES, Generations
from rekam.enrolment.errors import RekamError
from rekam.storage.base_backup import copy_running, lay_out, verify_copy
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres
from rekam.storage.whole_file import write_whole
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey

__all__ = ["NotWhole", "Report", "back_up", "restore", "resume"]

Report = Callable[[str, int, int], None]
"""`report(step, done, of)`."""

_KEPT = 2


class NotWhole(RekamError):
    """The restored centre lacks {missing} files that its database names. It was not put into service; the folder
    {folder} stays as it is. Restore from another backup, or take over with the twin.
    """


def back_up(folder: Path, keys_file: Path, to: Path, report: Report) -> dict[str, Any]:
    """Back the running centre in `folder` up into `to`, where earlier backups may lie; only what is new is copied.

    The database first, its blobs after it: every row of the copy has its bytes. All of it lies as it lies at the
    centre: sealed. The key file is not part of it.
    """
    key = SigningKey(keyfile.load(keys_file)["signing"])
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    at_ms = SystemClock().stamp().wall_ms
    with running(folder) as (pool, dsn):
        generation = Generations(pool).newest()
        centre = open_centre(folder, keys_file, pool)
        checkpoint = centre.tree.checkpoint().text.split("\n")
        with pool.connection() as connection:
            packets = connection.execute(QUERIES.packets_count).fetchall()[0][0]
        name = f"database-{at_ms}"
        report("database", 0, 0)
        fresh = to / f"{name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        copy_running(dsn, fresh)
        report("reading it back", 0, 0)
        verify_copy(fresh)
        blobs = copied = 0
        for store in STORES:
            source, target = BlobStore(folder / store, RealDisk()), BlobStore(to / store, RealDisk())
            looked_at, new = bring_across(source, target, partial(_counted, report, store))
            blobs, copied = blobs + looked_at, copied + new
    shutil.copyfile(folder / "place.json", to / "place.json")
    fresh.rename(to / name)
    page = BackupPage(
        database=name,
        manifest=_digest(to / name / "backup_manifest"),
        place=_digest(to / "place.json"),
        at_ms=at_ms,
        generation=generation.number,
        packets=packets,
        log_size=int(checkpoint[1]),
        root=checkpoint[2],
        blobs=blobs,
    )
    write_whole(to / "backup.cose", page.signed(key))
    BackupPage.read(to, key.public)
    for old in sorted(to.glob("database-*"))[:-_KEPT]:
        shutil.rmtree(old)
    return asdict(page) | {"copied": copied}


def restore(source: Path, folder: Path, keys_file: Path, because: str, report: Report) -> Audit:
    """Make a centre of the backup in `source` in the empty folder `folder`. It recollects before it serves.

    Raises `BackupUnreadable`, `CopyDamaged`, `BlobDamaged`, `NotWhole`, `CountryExists` where the folder is not empty.
    """
    key = SigningKey(keyfile.load(keys_file)["signing"])
    page = BackupPage.read(source, key.public)
    require_vacant(folder)
    report("reading the backup", 0, 0)
    verify_copy(source / page.database)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for store in STORES:
        kept, made = BlobStore(source / store, RealDisk()), BlobStore(folder / store, RealDisk())
        bring_across(kept, made, partial(_counted, report, store))
    report("database", 0, 0)
    lay_out(source / page.database, folder / "postgres")
    with EmbeddedPostgres(folder / "postgres") as server, closing(connect_pool(server.dsn("centre"))) as pool:
        with pool.connection() as tx:
            Generations(pool).begin(tx, "restored", because)
            tx.execute(QUERIES.part)
            tx.execute(RECOLLECTION.begin, {"because": because})
        stores = {name: BlobStore(folder / name, RealDisk()) for name in STORES}
        found = audit(pool, stores["packets"], stores["vault"], lambda done, of: report("checking", done, of))
    if found.missing or found.damaged:
        raise NotWhole(missing=len(found.missing) + len(found.damaged), folder=folder)
    write_whole(folder / "place.json", (source / "place.json").read_bytes())
    chain_of(read_place(folder, "centre")["chain"])
    return found


def resume(folder: Path, keys_file: Path, *, without_offices: bool) -> tuple[Recollected, Audit]:
    """Let the running, restored centre take in what its offices handed back, and serve again."""
    with running(folder) as (pool, _):
        centre = open_centre(folder, keys_file, pool)
        done = centre.recollection.replay(without_offices=without_offices)
        stores = dict(centre.stores)
        return done, audit(pool, stores["packets"], stores["vault"])


def _counted(report: Report, store: str, done: int, _new: int) -> None:
    report(store, done, 0)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
