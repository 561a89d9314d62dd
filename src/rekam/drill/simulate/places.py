"""What all simulated places share: rounds that nothing ends, and everything that lies stored."""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import apsw

from rekam.drill.simulate.disk import SimulatedDisk
from rekam.drill.simulate.world import World
from rekam.storage.memory_pg.server import MemoryPostgres
from rekam.storage.scrub import Scrubber

__all__ = ["everything_stored", "met", "scrubbed"]

_SCRUB_BYTES: Final = 1 << 20
_SLIPS: Final = (apsw.SQLError, AssertionError, AttributeError, LookupError, NameError, TypeError)
"""No misfortune raises these; the first: a statement that the simulated PostgreSQL was not told."""
_T = TypeVar("_T")


def met(world: World, place: str, act: Callable[[], _T]) -> _T | None:
    """What `act` gives; None where it raised, as the product's own loops outlive whatever a round meets."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001  # as `exchange.rounds.Rounds`
        said = f"{place} met {type(error).__name__}: {str(error)[:100]}"
        world.tell(said)
        if isinstance(error, _SLIPS):
            world.violated(20, said)  # a round that ends so ends so for ever
        return None


def scrubbed(world: World, place: str, scrubber: Scrubber) -> None:
    """A place reads its packets again, all of them."""
    while True:
        found = scrubber.step(_SCRUB_BYTES)
        for damage in found.damaged:
            world.tell(f"{place} finds {damage.code} {damage.blob_id[:8]}")
            world.exercise(2)
            if damage.blob_id not in world.spoilt:
                world.violated(2, f"{place} has {damage.code} {damage.blob_id[:8]}, which nobody damaged")
        if found.finished or not found.blobs:
            return


def everything_stored(disk: SimulatedDisk, database: MemoryPostgres | None = None) -> Iterator[tuple[str, bytes]]:
    """Each file, and each half of the database, with its bytes."""
    for path, inode in disk.files_now.items():
        yield path.rpartition("/")[2][:16], bytes(inode.data)
    if database is not None:
        for name in ("main", "exchange"):
            yield f"database {name}", database.db.serialize(name)
