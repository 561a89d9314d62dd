"""What all simulated places share: rounds that nothing ends, and everything that lies stored."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from rekam.drill.simulate.disk import SimulatedDisk
from rekam.drill.simulate.world import World
from rekam.storage.memory_pg.server import MemoryPostgres

__all__ = ["everything_stored", "met"]

_T = TypeVar("_T")


def met(world: World, place: str, act: Callable[[], _T]) -> _T | None:
    """What `act` gives; None where it raised, as the product's own loops outlive whatever a round meets."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001  # as `exchange.rounds.Rounds`
        world.tell(f"{place} met {type(error).__name__}: {str(error)[:100]}")
        return None


def everything_stored(disk: SimulatedDisk, database: MemoryPostgres | None = None) -> Iterator[tuple[str, bytes]]:
    """Each file, and each half of the database, with its bytes."""
    for path, inode in disk.files_now.items():
        yield path.rpartition("/")[2][:16], bytes(inode.data)
    if database is not None:
        for name in ("main", "exchange"):
            yield f"database {name}", database.db.serialize(name)
