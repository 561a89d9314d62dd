"""How a twin joins the centre, and how the centre gives way to it: `Joining`."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from rekam.centre.twin.far import Joined
from rekam.centre.twin.fence import Fence
from rekam.centre.twin.pairing import Pairing
from rekam.enrolment.errors import RekamError
from rekam.exchange.generation import Generation
from rekam.storage.pool import Pool
from rekam.storage.replication import STANDBY, Address, admit_standby

__all__ = ["Joining", "ReplicationClosed"]

SMALL_FILES: Final = ("finger-extractor",)
"""What of the centre's folder is neither database nor blobs nor made anew; `place.json` comes with the keys."""


class ReplicationClosed(RekamError):
    """This centre has no address at which a twin could copy its database. Nothing was changed.
    Start the centre with --replicate-on HOST:PORT, then start the twin again.
    """


class Joining:
    """`CentreSide` over the centre's database. `dsn` reaches it past any pool; `gave_way` ends the process."""

    def __init__(
        self,
        pool: Pool,
        pairing: Pairing,
        folder: Path,
        dsn: str,
        *,
        generation: Generation,
        replicate_on: Address | None,
        password: str,
        gave_way: Callable[[], object],
    ) -> None:
        self._pool = pool
        self._pairing = pairing
        self._folder = folder
        self._dsn = dsn
        self._generation = generation
        self._replicate_on = replicate_on
        self._password = password
        self._gave_way = gave_way

    def join(self, url: str, *, has_copy_of: str) -> Joined:
        """Take the machine at `url` as the twin. Raises `ReplicationClosed`."""
        if self._replicate_on is None:
            raise ReplicationClosed
        with self._pool.connection() as connection:
            system = str(connection.execute("SELECT system_identifier FROM pg_control_system()").fetchall()[0][0])
            slot = connection.execute(
                "SELECT wal_status FROM pg_replication_slots WHERE slot_name = %s", [STANDBY]
            ).fetchone()
            kept = has_copy_of == f"{system}/{self._generation.number}" and slot is not None and slot[0] != "lost"
            connection.commit()
            connection.autocommit = True
            try:
                admit_standby(connection, self._password)
            finally:
                connection.autocommit = False
        self._pairing.admit(url, kept=kept)
        at, files = self._replicate_on, {name: self._folder / name for name in SMALL_FILES}
        held = {name: path.read_bytes() for name, path in files.items() if path.exists()}
        return Joined(at.host, at.port, system, self._generation.number, kept, held)

    def give_way(self, newest: Generation) -> int:
        """Fence this centre for good and end its process; where its database's log ends."""
        ends = Fence(self._folder).raise_for(newest, self._dsn)
        self._gave_way()
        return ends
