"""`rekam centre twin`: the recovery twin, and the centre it becomes when it takes over."""

import json
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import FastAPI

from rekam.apps.centre_place import run_centre
from rekam.apps.place_file import key_of, read_place
from rekam.apps.serving import HOST, require_free, serve
from rekam.apps.twin_wiring import bond_of, replication_password
from rekam.centre.centre import PLACE
from rekam.centre.twin.far import FarCentre, Joined
from rekam.centre.twin.fence import Fence
from rekam.centre.twin.generations import Generations
from rekam.centre.twin.serving import Machine, twin_side
from rekam.centre.twin.takeover import TakeOver
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteUnreachable
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.folder import DataFolder
from rekam.storage.origin import Copied
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres
from rekam.storage.replication import Address
from rekam.storage.whole_file import write_whole
from rekam.trust.keys import VerifyKey

__all__ = ["AlreadyACentre", "TwinNeedsItsCentre", "own_address", "run_twin", "taken_over"]

_DATABASE: Final = "centre"
log = structlog.get_logger()


class AlreadyACentre(RekamError):
    """The folder {folder} belongs to a centre, not to a twin. Nothing was changed. Choose an empty folder with a copy
    of the centre's place.json in it, or start it with rekam centre.
    """


class TwinNeedsItsCentre(RekamError):
    """The centre at {url} does not answer ({reason}), and this twin has no copy of it yet. Nothing was changed.
    Start the centre first; the copy begins by itself when this twin is started again.
    """


def run_twin(folder: Path, keys_file: Path, port: int, centre: str, replicate_on: Address, url: str | None) -> None:
    """Follows the centre at `centre` until stopped, or until it takes over; then it is the centre, also after restarts.

    `url` is where the centre reaches this machine; `replicate_on` where the next twin may copy the database one day.
    """
    require_free(port)
    marks = _Marks(folder)
    if not marks.taken_over:
        _stand_by(folder, keys_file, port, centre, replicate_on, url or f"http://{HOST}:{port}")
    if marks.taken_over:
        run_centre(folder, keys_file, port, None, replicate_on)


def own_address(folder: Path) -> str:
    """Where the twin of this folder answers."""
    return str(_Marks(folder).read().get("url", ""))


def taken_over(folder: Path) -> dict[str, Any] | None:
    """What the take-over of this folder's twin came to; None where it has not taken over."""
    found = _Marks(folder).read().get("taken_over")
    return dict(found) if found else None


class _Marks:
    """`twin.json` in the folder: whose copy lies here, and whether it took over."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "twin.json"

    def read(self) -> dict[str, Any]:
        return dict(json.loads(self._path.read_text())) if self._path.exists() else {}

    def write(self, **facts: Any) -> None:
        write_whole(self._path, json.dumps(self.read() | facts).encode())

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)

    @property
    def taken_over(self) -> bool:
        return bool(self.read().get("taken_over"))


def _stand_by(folder: Path, keys_file: Path, port: int, centre: str, replicate_on: Address, url: str) -> None:
    facts, marks = read_place(folder, "centre"), _Marks(folder)
    cluster = folder / "postgres"
    with DataFolder(folder, "centre"):
        bond = bond_of(folder, keys_file)
        far = FarCentre(centre, bond)
        if cluster.exists() and not (marks.read() or _superseded(folder, far)):
            raise AlreadyACentre(folder=folder)
        joined = _joined(far, centre, url, marks)
        if joined is not None:
            _take_in(folder, joined, marks)
        source = Copied(_reached(joined, centre), replication_password(keys_file))
        log.warning("copying the centre's database" if not (cluster / "data").exists() else "following the centre")
        with EmbeddedPostgres(cluster, origin=source, replicate_on=replicate_on) as server:
            Fence(folder).forget()
            marks.write(url=url, of=centre, copy=f"{joined.system}/{joined.generation}" if joined else _copy(marks))
            dsn = server.dsn(_DATABASE)
            write_whole(folder / "database.dsn", dsn.encode())
            stores = {name: BlobStore(folder / name, RealDisk()) for name in ("packets", "vault", "parts")}
            pool = connect_pool(dsn, max_size=4)
            try:
                generations = Generations(pool)
                machine = Machine("twin", PLACE, bond.key, VerifyKey(key_of(facts["root"])), generations.newest)
                app = FastAPI(title="Rekam", openapi_url=None)

                def finished() -> None:
                    marks.write(taken_over=take_over.progress.to_json())
                    app.state.stop()

                take_over = TakeOver(dsn, stores, bond.key, far, centre, finished, bond.clock)
                app.include_router(twin_side(machine, take_over))
                app.add_api_route("/health", lambda: {"place": "twin", "step": take_over.progress.step})
                serve(app, port, ready=f"twin {url}", stopper=lambda stop: setattr(app.state, "stop", stop))
            finally:
                pool.close()


def _superseded(folder: Path, far: FarCentre) -> bool:
    """Whether the centre of this folder is an old one, fenced or of an earlier generation than the one that answers."""
    fence = Fence(folder)
    return fence.up or fence.older_than(far.hello().generation)


def _copy(marks: _Marks) -> str:
    return str(marks.read().get("copy", ""))


def _joined(far: FarCentre, centre: str, url: str, marks: _Marks) -> Joined | None:
    """What the centre says; None where it is away and a copy is here, which goes on waiting for it."""
    try:
        return far.join(url, has_copy_of=_copy(marks))
    except RemoteUnreachable as error:
        if not _copy(marks):
            raise TwinNeedsItsCentre(url=centre, reason=error.facts["reason"]) from error
        return None


def _take_in(folder: Path, joined: Joined, marks: _Marks) -> None:
    """Where the copy at hand is none of this centre's history any more, it is laid aside and made anew."""
    for name, content in joined.files.items():
        write_whole(folder / name, content)
    cluster = folder / "postgres"
    if cluster.exists() and not joined.kept:
        aside = next(at for n in range(1, 1000) if not (at := folder / f"postgres.before-{n}").exists())
        cluster.rename(aside)
        marks.write(copy="")


def _reached(joined: Joined | None, centre: str) -> Address:
    """Where the database is copied from; an address for all of the centre's networks means the one it answers at."""
    if joined is None:
        return Address("-", 1)  # never used: the copy is here and knows its source
    host = joined.host
    if host in {"0.0.0.0", "::", "*"}:  # noqa: S104 - what the centre listens on, not what we do
        host = centre.partition("://")[2].partition("/")[0].rpartition(":")[0]
    return Address(host, joined.port)
