"""A station's new disk is made from its bundle and from what the old disk still has: `SettingUp`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rekam.drill.simulate.disk import SimulatedDisk
from rekam.drill.simulate.machine import Machine
from rekam.drill.simulate.vfs import SimulatedVfs, file_system
from rekam.station.carried import Earlier
from rekam.station.carry_over import carry_packets, carry_store
from rekam.station.recovering import Bundle, earlier_rows
from rekam.station.store import StationStore
from rekam.storage.blobs import BlobStore
from rekam.storage.sqlite import open_encrypted

__all__ = ["SettingUp"]


@dataclass(frozen=True)
class SettingUp:
    """What `station.installing.install` does, on a simulated disk. `old`: the old disk's files, none where it is
    lost. Broken off at any point, it begins anew.
    """

    bundle: Bundle
    old: dict[str, bytes]
    name: str
    key: bytes

    def run(self, machine: Machine, database: Path, vfs: SimulatedVfs) -> None:
        """Build beside, then put in place."""
        machine.disk.restore({})
        workshop = database.parent / ".recovery" / "station.db"
        for folder in (database.parent, workshop.parent):
            machine.disk.make_folder(folder)
        store = self._store(workshop, vfs)
        try:
            store.provision(self.bundle.identity)
            for one in self.bundle.earlier:
                rows = earlier_rows(self.bundle.identity.station, one)
                Earlier(store).put(one["epoch"], tuple(one["chain"]), rows)
            if self.old:
                self._carry_over(store, machine, database)
        except BaseException:
            with machine.disk.silent():
                store.close()
            raise
        store.close()
        machine.disk.rename(workshop, database)
        machine.disk.fsync_folder(database.parent)

    def _carry_over(self, store: StationStore, machine: Machine, database: Path) -> None:
        disk = SimulatedDisk(machine.world.chance, lambda _what, _path: None)
        disk.restore(self.old)
        packets = [
            Path(path) for path in sorted(self.old) if "/packets/" in path and len(path.rpartition("/")[2]) == 64
        ]
        old = self._store(database, file_system(f"rekam-old-{self.name}", disk))
        try:
            carry_store(old, store)
            blobs = BlobStore(database.parent / "packets", machine.disk)
            carry_packets(
                database.parent, "disk", store, blobs, machine.clock, old=old, files=packets, opened=disk.open_read
            )
        finally:
            old.close()

    def _store(self, path: Path, vfs: SimulatedVfs) -> StationStore:
        connection: Any = open_encrypted(path, self.key, vfs=vfs.encrypted, exclusive=True)
        return StationStore(connection)
