"""Power cuts under the station's encrypted store: whatever was not synced is gone, torn or there, as chance has it."""

import random
from pathlib import Path
from traceback import clear_frames

import apsw
import pytest

from rekam.drill.simulate.disk import SimulatedDisk
from rekam.drill.simulate.vfs import file_system
from rekam.storage.errors import WrongDatabaseKey
from rekam.storage.sqlite import open_encrypted, transaction

CUTS = 250
KEY = bytes(range(32))
STORE = Path("/station/station.db")


class PowerCut(BaseException):
    """The machine stops in the middle of a call to its disk."""


class Machine:
    """A disk whose power goes at a call drawn by chance, and a store on it; `cuts` tells how often it went."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"power-cuts/{seed}")
        self.disk = SimulatedDisk(self.chance, self._touched)
        self.disk.make_folder(STORE.parent)
        self.left = self.cuts = 0
        self.dies_before: tuple[str, str] | None = None

    def _touched(self, what: str, path: str) -> None:
        if (what, path) == self.dies_before:
            self.dies_before = None
            raise PowerCut
        self.left -= 1
        if self.left == 0:
            raise PowerCut

    def open(self):
        vfs = file_system("power-cuts", self.disk)
        connection = open_encrypted(STORE, KEY, vfs=vfs.encrypted, exclusive=True)
        connection.execute("CREATE TABLE IF NOT EXISTS recording (id INTEGER PRIMARY KEY, packet BLOB NOT NULL) STRICT")
        return connection

    def run(self, connection, acknowledged: dict[int, bytes], pragma: str = "") -> None:
        """Saves recordings until the power goes; each is acknowledged when its transaction has returned."""
        if pragma:
            connection.execute(pragma)
        number = max(acknowledged, default=0)
        while True:
            number += 1
            packet = self.chance.randbytes(self.chance.randint(10, 9_000))
            with transaction(connection) as tx:
                tx.execute("INSERT OR REPLACE INTO recording VALUES (?, ?)", (number, packet))
            acknowledged[number] = packet

    def cut_while(self, work, *, kill: bool = False) -> None:
        """Do `work` until the power goes at one of the next calls; then it comes back. With `kill` the process alone
        ends: what it wrote is there, and no more of it is durable than before.
        """
        self.left = self.chance.randint(1, 60)
        connection = None
        try:
            connection = self.open()
            work(connection)
        except (PowerCut, apsw.Error) as end:
            self.cuts += 1
            self.left = 0
            if kill:
                self.disk.killed()
            else:
                self.disk.power_cut()
            with self.disk.silent():  # the dead image holds ghosts of files and reaches nothing any more
                clear_frames(end.__traceback__)
                if connection is not None:
                    connection.close()


def held(machine: Machine) -> dict[int, bytes]:
    connection = machine.open()
    assert connection.pragma("integrity_check") == "ok"
    found = dict(connection.execute("SELECT id, packet FROM recording").fetchall())
    connection.close()
    return found


def reckoned(seed: int, cuts: int, pragma: str = "") -> tuple[int, int]:
    """How many acknowledged recordings are there after `cuts` power cuts, and how many were missing or other."""
    machine, acknowledged, lost = Machine(seed), {}, 0
    for _ in range(cuts):
        machine.cut_while(lambda connection: machine.run(connection, acknowledged, pragma))
        found = held(machine)
        missing = [number for number, packet in acknowledged.items() if found.get(number) != packet]
        lost += len(missing)
        for number in missing:
            del acknowledged[number]
    assert machine.cuts == cuts
    return len(acknowledged), lost


@pytest.mark.parametrize("seed", range(10))
def test_no_acknowledged_recording_is_lost_in_250_power_cuts(seed):
    kept, lost = reckoned(seed, CUTS // 10)
    assert kept > CUTS // 10
    assert lost == 0


@pytest.mark.parametrize("seed", range(20))
def test_what_a_killed_process_left_unsynced_is_synced_by_the_next(seed):
    """The journal's name among it: SQLite syncs the folder of each journal that it may create, new or found."""
    machine, acknowledged = Machine(seed), {}
    machine.dies_before = "sync", f"{STORE}-wal"
    while machine.dies_before:
        machine.cut_while(lambda _connection: None, kill=True)
    while not acknowledged:
        machine.cut_while(lambda connection: machine.run(connection, acknowledged))
    assert held(machine) | acknowledged == held(machine)


def test_the_disk_does_lose_what_is_not_synced():
    """The same cuts with syncing left to the checkpoint: a checker that cannot fail proves nothing."""
    assert sum(reckoned(seed, CUTS // 10, "PRAGMA synchronous = NORMAL")[1] for seed in range(4)) > 0


def test_nothing_on_the_disk_is_readable_without_the_key():
    machine, acknowledged = Machine(1), {}
    while len(acknowledged) < 20:
        machine.cut_while(lambda connection: machine.run(connection, acknowledged))
    held(machine)
    assert all(b"SQLite format" not in image for image in machine.disk.image().values())
    with pytest.raises(WrongDatabaseKey):
        open_encrypted(STORE, bytes(32), vfs=file_system("power-cuts", machine.disk).encrypted, exclusive=True)
