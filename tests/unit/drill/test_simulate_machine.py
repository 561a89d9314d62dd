"""What a simulated machine leaves on its disk when its start fails."""

import sys
from pathlib import Path

from rekam.drill.simulate.machine import Machine
from rekam.drill.simulate.vfs import file_system
from rekam.drill.simulate.world import World
from rekam.storage.sqlite import open_encrypted

KEY = bytes(32)


class _NotStarted(Exception):
    pass


def _fails_with_its_store_open(disk, seen):
    path = Path("/station-1/station.db")
    connection = open_encrypted(path, KEY, vfs=file_system("rekam-test-machine", disk).encrypted, exclusive=True)
    connection.execute("CREATE TABLE kept (n)")
    seen.update(disk.image())
    raise _NotStarted


def test_a_start_that_fails_with_its_store_open_leaves_the_disk_as_it_is_and_ends_without_a_word(monkeypatch):
    said = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    monkeypatch.setattr(sys, "excepthook", lambda *told: said.append(told))
    machine = Machine(World(1), "station-1")
    machine.disk.make_folder(Path("/station-1"))
    seen = {}
    machine.boot = lambda: _fails_with_its_store_open(machine.disk, seen)

    machine.start()

    assert not machine.alive
    assert said == []
    assert machine.disk.image() == seen, "a store that closed in order would have moved its journal into its table"
