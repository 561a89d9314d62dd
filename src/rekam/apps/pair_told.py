"""The running centre asked about its pair, from beside it: `pair_told`, `go_alone`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rekam.apps.settings import Settings
from rekam.centre.twin.generations import Generations
from rekam.centre.twin.pairing import Pairing
from rekam.enrolment.errors import RekamError
from rekam.storage.errors import MissingDatabase
from rekam.storage.pool import Pool, connect_pool

__all__ = ["NotRunning", "go_alone", "pair_told", "running"]


class NotRunning(RekamError):
    """The centre of {folder} is not running. Nothing was changed. Start it, then try again."""


def pair_told(folder: Path) -> dict[str, Any]:
    """Generation, mode, the twin's address, bytes of the database's log that it lacks (null: it does not follow)."""
    with running(folder) as (pool, _):
        generation, paired, standing = Generations(pool).current(), Pairing(pool).now(), Pairing(pool).standing()
    return {
        "generation": generation.number if generation else 0,
        "mode": str(paired.mode),
        "twin": paired.url,
        "behind": standing.behind,
        "serves": standing.settled,
    }


def go_alone(folder: Path, *, by: str, because: str) -> None:
    """Notes the decision; the centre's attendant acts on it within a second or two. Raises `NoTwin`."""
    with running(folder) as (pool, _):
        Pairing(pool).go_alone(by, because)


@contextmanager
def running(folder: Path) -> Iterator[tuple[Pool, str]]:
    """The database of the running centre in `folder`, and how it is reached. Raises `NotRunning`."""
    held, url = folder / "database.dsn", Settings().database_url
    if url is None and not held.exists():
        raise NotRunning(folder=folder)
    try:
        dsn = url or held.read_text()
        pool = connect_pool(dsn, max_size=4, timeout_s=30)
    except MissingDatabase as error:
        raise NotRunning(folder=folder) from error
    try:
        yield pool, dsn
    finally:
        pool.close()
