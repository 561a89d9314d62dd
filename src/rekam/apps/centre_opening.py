"""The centre over its database, opened: beside the running one, or where it does not run. No page is loaded for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rekam.abis.finger.extractors import FingerExtractor
from rekam.apps.database import database
from rekam.apps.place_file import chain_of, key_of, read_place
from rekam.centre.centre import Centre
from rekam.centre.finger_choice import Wanted, finger_extractor
from rekam.centre.nik_hashes import NikHashes
from rekam.centre.ports import CentreKeys, Ports
from rekam.centre.reextraction import Outcome
from rekam.centre.twin.far import Bond
from rekam.centre.twin.fence import Fence
from rekam.centre.twin.mirror import TwinMirror
from rekam.centre.twin.pairing import Pairing
from rekam.enrolment.errors import RekamError
from rekam.storage.disk import RealDisk
from rekam.storage.errors import MissingDatabase
from rekam.storage.folder import DataFolder
from rekam.storage.pool import Pool, connect_pool
from rekam.trust import keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SystemClock
from rekam.trust.keys import OpeningKey, SigningKey, VerifyKey

__all__ = ["CentreNotRunning", "open_centre", "publish_notice", "re_extract", "running_centre", "running_pool"]

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
        return connect_pool(url or held.read_text(), timeout_s=30)
    except MissingDatabase:
        return None
